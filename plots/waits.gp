# The waits before retries: a row each, its histogram as high as its highest bin, a dot at the mean. A bar at an end:
# so many waits are exactly that.
set border 1 lc rgb '#666666' lw 0.8
set lmargin at screen left
set rmargin at screen right
set tmargin at screen top
set bmargin at screen bottom
set xtics out nomirror scale 0.6 textcolor rgb '#333333' ()
unset ytics
set grid xtics noytics lt 1 lc rgb '#dddddd' lw 0.6
set grid back
set xrange [0:x_high]
set yrange [-rows - 0.12:0]
unset key
do for [i = 1:x_tics] { set xtics add (x_label[i] x_at[i]) }
set label 1 title at screen 14.0 / width, screen 1 - 18.0 / height left font bold . ',13' textcolor rgb '#222222'
set label 2 subtitle at screen 14.0 / width, screen 1 - 40.0 / height left font ',9' textcolor rgb '#777777'
set label 3 'mean' at screen right + 64.0 / width, screen top left font ',9' textcolor rgb '#777777'
set label 4 'retry' at screen 14.0 / width, screen top left font ',9' textcolor rgb '#777777'
set label 5 legend at screen 14.0 / width, screen 14.0 / height left font ',9' textcolor rgb '#777777'
do for [i = 1:rows] {
    set label 10 + i mean_label[i] at screen right + 64.0 / width, first -i + 0.3 left textcolor rgb '#333333'
    set label 90 + i sprintf('%d', i) at screen 14.0 / width, first -i + 0.3 left textcolor rgb '#333333'
    if (at_least[i] ne '') {
        set arrow 10 + i from least[i], -i to least[i], -i + 0.8 nohead front lc rgb '#D55E00' lw 3
        set label 30 + i at_least[i] at least[i], -i + 0.3 right offset -0.6, 0 font ',9' textcolor rgb '#D55E00'
    }
    if (at_most[i] ne '') {
        set arrow 50 + i from most[i], -i to most[i], -i + 0.8 nohead front lc rgb '#D55E00' lw 3
        set label 70 + i at_most[i] at most[i], -i + 0.3 left offset 0.6, 0 font ',9' textcolor rgb '#D55E00'
    }
}
set style fill solid 0.55 noborder
shape = "$data index i - 1 using 1:(-i + $2):(-i) with filledcurves lc rgb '#0072B2' notitle, "
outline = "$data index i - 1 using 1:(-i + $2) with lines lw 1 lc rgb '#0072B2' notitle, "
dots = "for [i = 1:rows] '+' using (mean[i]):(-i) every ::::0 with points pt 7 ps 0.6 lc rgb '#222222' notitle"
eval 'plot for [i = 1:rows] ' . shape . 'for [i = 1:rows] ' . outline . dots
