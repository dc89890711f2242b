# What all pictures share: frame, grid, title, bands, looks. Read after the variables that sim/output/script.c sets.
set border 3 lc rgb '#666666' lw 0.8
set tics out nomirror scale 0.6 textcolor rgb '#333333'
set grid ytics noxtics lt 1 lc rgb '#dddddd' lw 0.6
set grid back
set xrange [0:x_high]
set yrange [y_low:y_high]
if (y_log) { set logscale y }
unset key
do for [i = 1:4] {
    style = (i <= 2 ? bold . ',13' : ',9')
    ink = (i <= 2 ? '#222222' : '#777777')
    up = 1 - 1.0 * head_at[i] / height
    set label i head[i] at screen 14.0 / width, screen up left font style textcolor rgb ink
}
set style rectangle back fillcolor rgb '#f3e3df' fillstyle solid noborder
if (warmup > 0) { set object 1 rectangle from 0, graph 0 to warmup, graph 1 behind fillcolor rgb '#e8e8e8' }
do for [i = 1:faults] {
    a = fault_from[i]
    b = fault_to[i]
    if (b > a) {
        set object 1 + i rectangle from a, graph 0 to b, graph 1 behind
    } else {
        set arrow i from a, graph 0 to a, graph 1 nohead back lc rgb '#d9a79b' lw 1.5
    }
}
