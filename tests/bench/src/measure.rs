//! Interleaved repetitions, medians and the table.

use std::time::{Duration, Instant};

/// Runs every job in turn, `rounds` times, each round beginning with the next job; median times.
pub fn medians<const N: usize>(
    rounds: usize,
    mut jobs: [&mut dyn FnMut() -> Duration; N],
) -> [Duration; N] {
    for job in &mut jobs {
        job();
    }
    let mut times = [const { Vec::<Duration>::new() }; N];
    for round in 0..rounds {
        for turn in 0..N {
            let job = (round + turn) % N;
            times[job].push(jobs[job]());
        }
    }
    times.map(median)
}

/// How long `job` takes; what it made is dropped outside of the time.
pub fn timed<T>(job: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let made = std::hint::black_box(job());
    let took = start.elapsed();
    drop(made);
    took
}

fn median(times: Vec<Duration>) -> Duration {
    percentile(times, 50)
}

/// The smallest of the values that is no less than so many percent of them.
pub fn percentile<T: Ord + Copy>(mut values: Vec<T>, percent: usize) -> T {
    values.sort_unstable();
    values[(values.len() * percent).div_ceil(100).max(1) - 1]
}

/// A line of the table.
pub struct Row {
    what: String,
    ours: String,
    theirs: String,
    ratio: String,
    goal: String,
    met: &'static str,
}

impl Row {
    /// Ours against a peer; `show` writes a value in the row's unit.
    pub fn compared(
        what: &str,
        peer: &str,
        goal: f64,
        [ours, theirs]: [f64; 2],
        show: impl Fn(f64) -> String,
    ) -> Self {
        let ratio = ours / theirs;
        Self {
            what: what.to_owned(),
            ours: show(ours),
            theirs: format!("{} ({peer})", show(theirs)),
            ratio: format!("{ratio:.2}x"),
            goal: format!("<= {goal}x"),
            met: yes(ratio <= goal),
        }
    }

    /// Ours against a limit in its own unit.
    pub fn limited(what: &str, ours: String, goal: &str, is_met: bool) -> Self {
        Self {
            goal: goal.to_owned(),
            met: yes(is_met),
            ..Self::alone(what, ours)
        }
    }

    /// Ours alone.
    pub fn alone(what: &str, ours: String) -> Self {
        Self {
            what: what.to_owned(),
            ours,
            theirs: NOTHING.to_owned(),
            ratio: NOTHING.to_owned(),
            goal: NOTHING.to_owned(),
            met: NOTHING,
        }
    }

    /// Nothing was measured, and why.
    pub fn absent(what: &str, peer: &str, goal: f64, why: &str) -> Self {
        Self {
            ours: why.to_owned(),
            theirs: format!("({peer})"),
            goal: format!("<= {goal}x"),
            ..Self::alone(what, String::new())
        }
    }

    fn cells(&self) -> [&str; 6] {
        let texts = [
            &self.what,
            &self.ours,
            &self.theirs,
            &self.ratio,
            &self.goal,
        ];
        let [what, ours, theirs, ratio, goal] = texts.map(String::as_str);
        [what, ours, theirs, ratio, goal, self.met]
    }
}

/// Stands where there is no value.
const NOTHING: &str = "–";

const fn yes(is_met: bool) -> &'static str {
    if is_met { "yes" } else { "NO" }
}

/// Prints the table as Markdown.
pub fn print(rows: &[Row]) {
    let head = ["what", "ours", "theirs (peer)", "ratio", "goal", "met"];
    let lines: Vec<[&str; 6]> = std::iter::once(head)
        .chain(rows.iter().map(Row::cells))
        .collect();
    let widths: [usize; 6] = std::array::from_fn(|column| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or(0)
    });
    for (number, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        println!("| {} |", cells.join(" | "));
        if number == 0 {
            let rules = widths.map(|width| "-".repeat(width + 2));
            println!("|{}|", rules.join("|"));
        }
    }
}

/// A number of nanoseconds per lookup.
pub fn nanoseconds(value: f64) -> String {
    format!("{value:.1} ns")
}

/// Seconds, written in milliseconds.
pub fn milliseconds(seconds: f64) -> String {
    format!("{:.2} ms", seconds * 1e3)
}
