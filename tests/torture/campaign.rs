//! How much of the campaign is run, and what came of it.

/// How much is tried.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Every point, not a sample.
    pub(crate) full: bool,
    /// Which sample.
    pub(crate) seed: u64,
}

impl Plan {
    /// The points of one scene that are tried: all of them, or so many spread over them, others with another seed.
    pub(crate) fn points(self, count: usize, sample: usize) -> Vec<usize> {
        if self.full || count <= sample {
            return (1..=count).collect();
        }
        let step = count / sample;
        let offset = usize::try_from(self.seed).unwrap_or(0) % step;
        (0..sample).map(|n| 1 + offset + n * step).filter(|point| *point <= count).collect()
    }
}

/// What was tried, and what did not hold.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) points: usize,
    pub(crate) violations: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.points += other.points;
        self.violations.extend(other.violations);
    }

    /// Counts a point, with what did not hold after it.
    pub(crate) fn point(&mut self, at: &str, faults: Vec<String>) {
        self.points += 1;
        self.violations.extend(faults.into_iter().map(|fault| format!("{at}: {fault}")));
    }

    /// Says what a scene came to.
    pub(crate) fn told(self, part: &str, scene: &str) -> Self {
        println!("| {part} | {scene} | {} | {} |", self.points, self.violations.len());
        self
    }
}
