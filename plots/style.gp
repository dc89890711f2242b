# What all pictures share: frame, grid, title, faults. Read after the variables that sim/output/figure.c sets.
set border 3 lc rgb '#666666' lw 0.8
set tics out nomirror scale 0.6 textcolor rgb '#333333'
set grid ytics noxtics lt 1 lc rgb '#dddddd' lw 0.6
set grid back
set xrange [0:x_high]
set yrange [y_low:y_high]
if (y_log) { set logscale y }
unset key
do for [i = 1:4] {
    if (i <= 2) {
        set label i head[i] at screen 14.0 / width, screen 1 - 1.0 * head_at[i] / height left font ':Bold,13' \
            textcolor rgb '#222222'
    } else {
        set label i head[i] at screen 14.0 / width, screen 1 - 1.0 * head_at[i] / height left font ',9' \
            textcolor rgb '#777777'
    }
}
do for [i = 1:faults] {
    if (fault_to[i] > fault_from[i]) {
        set object i rectangle from fault_from[i], graph 0 to fault_to[i], graph 1 \
            behind fillcolor rgb '#f3e3df' fillstyle solid noborder
    } else {
        set arrow i from fault_from[i], graph 0 to fault_from[i], graph 1 \
            nohead back lc rgb '#d9a79b' lw 1.5
    }
}
