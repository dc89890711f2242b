# One panel a curve: shared axes, labels at the outer edges only, the name above in the curve's colour.
set multiplot
gap_x = 36.0 / width
gap_y = 34.0 / height
cell_x = (right - left + gap_x) / columns
cell_y = (top - bottom) / rows
do for [i = 1:curves] {
    column = (i - 1) % columns
    row = (i - 1) / columns
    x0 = left + column * cell_x
    y0 = top - (row + 1) * cell_y
    set lmargin at screen x0
    set rmargin at screen x0 + cell_x - gap_x
    set bmargin at screen y0
    set tmargin at screen y0 + cell_y - gap_y
    if (i == 2) { unset label 1; unset label 2; unset label 3; unset label 4 }
    set label 5 name[i] at graph 0, graph 1 left offset 0, 0.7 font bold . ',10' textcolor rgb colour[i]
    set label 6 (note[i] eq '' ? '' : said(i)) at graph 1, graph 1 right offset 0, 0.7
    set label 6 font ',9' textcolor rgb '#555555'
    set xtics () font ',9'
    set ytics () font ',9'
    do for [k = 1:x_tics] {
        crowded = x_crowded && k == x_tics && column < columns - 1 && i < curves
        set xtics add ((i + columns > curves && !crowded ? x_label[k] : '') x_at[k])
    }
    do for [k = 1:y_tics] { set ytics add ((column == 0 ? y_label[k] : '') y_at[k]) }
    plots = ''
    if (has_ground) { plots = plots . ground . " notitle, " }
    if (has_level) { plots = plots . level_line . " notitle, " }
    eval 'plot ' . plots . curve_panel
}
unset multiplot
