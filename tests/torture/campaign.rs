//! How much of the campaign is run, and what came of it.

/// The amount that is tried.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Every point, not a sample.
    pub(crate) full: bool,
    /// Which sample.
    pub(crate) seed: u64,
}

impl Plan {
    /// The points of one scene that are tried: all of them, or so many spread over them, others with another seed.
    pub(crate) fn points<P: Copy>(self, all: &[P], sample: usize) -> Vec<P> {
        if self.full || all.len() <= sample {
            return all.to_vec();
        }
        let step = all.len() / sample;
        let offset = usize::try_from(self.seed).unwrap_or(0) % step;
        all.iter().skip(offset).step_by(step).take(sample).copied().collect()
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
    pub(crate) fn told(mut self, part: &str, scene: &str) -> Self {
        if self.points == 0 {
            self.violations.push(format!("{part}: no point of {scene} was met"));
        }
        println!("| {part} | {scene} | {} | {} |", self.points, self.violations.len());
        self
    }
}
