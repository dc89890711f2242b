# The grey curve of curve i, the dashed line, a curve's entry in the key. A dashed curve is drawn over the one that it
# would hide, so it is wider.
ground = "$data index curves + i - 1 using 1:2 with lines lw 1.2 lc rgb '#999999'"
level_line = "level with lines lw 1.2 dashtype (8, 6) lc rgb '#333333'"
line_look = "lw (dash[i] > 1 ? 2.6 : 1.9) dashtype dash[i] "
said(i) = note_name eq '' ? note[i] : note_name . ' ' . note[i]
curve_key = "title (note[i] eq '' ? name[i] : name[i] . ' (' . said(i) . ')')"
