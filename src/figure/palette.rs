//! The colours, few and told apart by colour-blind readers too.
//!
//! Groups take Okabe and Ito's palette ("Color Universal Design", 2008) without its yellow, which is
//! too pale on white, and take a shape each as well, so that nothing rests on colour alone.

/// A colour with its opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    pub(crate) rgb: (u8, u8, u8),
    pub(crate) alpha: f64,
}

impl Ink {
    const fn solid(red: u8, green: u8, blue: u8) -> Ink {
        Ink {
            rgb: (red, green, blue),
            alpha: 1.0,
        }
    }

    /// The same colour, more see-through.
    pub(crate) const fn fade(self, alpha: f64) -> Ink {
        Ink { alpha, ..self }
    }
}

pub(crate) const PAPER: Ink = Ink::solid(255, 255, 255);
/// Titles, labels of what matters.
pub(crate) const TEXT: Ink = Ink::solid(0x1f, 0x29, 0x33);
/// Axis labels, notes.
pub(crate) const QUIET_TEXT: Ink = Ink::solid(0x55, 0x60, 0x6b);
pub(crate) const AXIS: Ink = Ink::solid(0x8a, 0x94, 0x9e);
pub(crate) const GRID: Ink = Ink::solid(0xe6, 0xe9, 0xec);
/// Marks that stand back: models off the frontier, leader lines.
pub(crate) const QUIET: Ink = Ink::solid(0x9a, 0xa3, 0xac);
/// The trend and its band.
pub(crate) const TREND: Ink = Ink::solid(0x3b, 0x4a, 0x59);

/// One colour for each group, in order of first appearance.
pub(crate) const GROUPS: [Ink; 7] = [
    Ink::solid(0x00, 0x72, 0xb2),
    Ink::solid(0xd5, 0x5e, 0x00),
    Ink::solid(0x00, 0x8a, 0x66),
    Ink::solid(0xb8, 0x5c, 0x94),
    Ink::solid(0xc9, 0x87, 0x00),
    Ink::solid(0x3d, 0x9f, 0xd6),
    Ink::solid(0x5a, 0x5a, 0x5a),
];

/// The colour of the `index`-th group; colours come round again after the last.
pub(crate) fn group(index: usize) -> Ink {
    GROUPS[index % GROUPS.len()]
}
