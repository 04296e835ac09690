//! Figures that a script publishes for Prometheus: counters, gauges, histograms and summaries, each with its labels.
//!
//! Sans-IO: the time is an argument. [`Registry::render`] writes the text format
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

mod text;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

/// The upper bounds of a histogram that says nothing about them.
pub const DEFAULT_BUCKETS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];
/// The quantiles of a summary that says nothing about them.
pub const DEFAULT_QUANTILES: [f64; 5] = [0.01, 0.05, 0.5, 0.95, 0.99];

/// What a metric is told apart by: names and values.
pub type Labels = BTreeMap<String, String>;

/// How a metric grows.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// How many observations were not above each of these bounds.
    Histogram {
        /// Upper bounds, ascending.
        buckets: Vec<f64>,
    },
    /// Quantiles of the observations of some time.
    Summary {
        /// How long an observation counts for the quantiles.
        max_age: Duration,
        /// Between 0 and 1.
        quantiles: Vec<f64>,
    },
}

/// Why a metric cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// A metric's name.
    Name(String),
    /// A label's name, or one that means something else for this kind.
    Label(String),
    /// Bounds that do not ascend, or quantiles beyond 0 and 1.
    Bounds(String),
    /// The name is that of another kind of metric, or its bounds are others.
    Taken(String),
    /// Counters only grow.
    Negative(String),
}

impl fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(
                formatter,
                "{name:?} is no name of a metric: letters, digits, _ and : were expected, and no digit first"
            ),
            Self::Label(name) => write!(
                formatter,
                "{name:?} is no name of a label here: letters, digits and _ were expected, no digit and no __ first, no `le` for \
                 histograms, no `quantile` for summaries"
            ),
            Self::Bounds(bounds) => write!(
                formatter,
                "{bounds} was given: buckets are ascending numbers, quantiles lie between 0 and 1"
            ),
            Self::Taken(name) => write!(
                formatter,
                "there is a metric {name} already, of another kind or with other bounds"
            ),
            Self::Negative(name) => {
                write!(formatter, "{name} is a counter, which cannot decrease")
            }
        }
    }
}

/// All metrics of a process.
#[derive(Debug, Default)]
pub struct Registry {
    families: BTreeMap<String, Family>,
}

#[derive(Debug)]
struct Family {
    help: String,
    kind: Kind,
    series: BTreeMap<Labels, Series>,
}

#[derive(Debug)]
struct Series {
    /// The value of counters and gauges; of the others, the sum of what was observed.
    sum: f64,
    count: u64,
    /// By bucket, not cumulative.
    buckets: Vec<u64>,
    /// When what was observed.
    recent: VecDeque<(Duration, f64)>,
}

impl Registry {
    /// Makes a metric, unless it is there. Gives its whole name.
    pub fn register(
        &mut self,
        namespace: &str,
        name: &str,
        help: &str,
        mut kind: Kind,
    ) -> Result<String, Invalid> {
        if let Kind::Histogram { buckets } = &mut kind {
            // The last bucket is without bound in any case.
            buckets.pop_if(|last| *last == f64::INFINITY);
        }
        let whole = if namespace.is_empty() {
            name.to_owned()
        } else {
            format!("{namespace}_{name}")
        };
        if !is_name(&whole, true) {
            return Err(Invalid::Name(whole));
        }
        check_bounds(&kind)?;
        match self.families.get(&whole) {
            Some(family) if family.kind == kind => {}
            Some(_) => return Err(Invalid::Taken(whole)),
            None => {
                let family = Family {
                    help: help.to_owned(),
                    kind,
                    series: BTreeMap::new(),
                };
                self.families.insert(whole.clone(), family);
            }
        }
        Ok(whole)
    }

    /// Sets a gauge.
    pub fn set(&mut self, name: &str, labels: &Labels, value: f64) -> Result<(), Invalid> {
        self.series(name, labels)?.1.sum = value;
        Ok(())
    }

    /// Adds to a counter or gauge.
    pub fn add(&mut self, name: &str, labels: &Labels, value: f64) -> Result<(), Invalid> {
        let (kind, series) = self.series(name, labels)?;
        if *kind == Kind::Counter && (value < 0.0 || value.is_nan()) {
            return Err(Invalid::Negative(name.to_owned()));
        }
        series.sum += value;
        Ok(())
    }

    /// Notes an observation of a histogram or summary. `now` is the time since some moment, the same for all calls.
    pub fn observe(
        &mut self,
        name: &str,
        labels: &Labels,
        value: f64,
        now: Duration,
    ) -> Result<(), Invalid> {
        let (kind, series) = self.series(name, labels)?;
        series.sum += value;
        series.count += 1;
        match kind {
            Kind::Histogram { buckets } => {
                series.buckets.resize(buckets.len(), 0);
                let bucket = buckets.iter().position(|bound| value <= *bound);
                if let Some(count) = bucket.and_then(|bucket| series.buckets.get_mut(bucket)) {
                    *count += 1;
                }
            }
            Kind::Summary { max_age, .. } => {
                series.recent.push_back((now, value));
                series.forget(*max_age, now);
            }
            Kind::Counter | Kind::Gauge => {}
        }
        Ok(())
    }

    /// All metrics in the text format.
    pub fn render(&mut self, now: Duration) -> String {
        let mut out = String::new();
        for (name, family) in &mut self.families {
            if let Kind::Summary { max_age, .. } = &family.kind {
                for series in family.series.values_mut() {
                    series.forget(*max_age, now);
                }
            }
            text::family(name, family, &mut out);
        }
        out
    }

    fn series(&mut self, name: &str, labels: &Labels) -> Result<(&Kind, &mut Series), Invalid> {
        let family = self
            .families
            .get_mut(name)
            .ok_or_else(|| Invalid::Name(name.to_owned()))?;
        let reserved = match family.kind {
            Kind::Histogram { .. } => "le",
            Kind::Summary { .. } => "quantile",
            _ => "",
        };
        let wrong = labels
            .keys()
            .find(|label| !is_name(label, false) || label.starts_with("__") || *label == reserved);
        if let Some(label) = wrong {
            return Err(Invalid::Label(label.clone()));
        }
        if !family.series.contains_key(labels) {
            family.series.insert(labels.clone(), Series::default());
        }
        match family.series.get_mut(labels) {
            Some(series) => Ok((&family.kind, series)),
            None => Err(Invalid::Name(name.to_owned())),
        }
    }
}

impl Default for Series {
    fn default() -> Self {
        Self {
            sum: 0.0,
            count: 0,
            buckets: Vec::new(),
            recent: VecDeque::new(),
        }
    }
}

impl Series {
    fn forget(&mut self, max_age: Duration, now: Duration) {
        while let Some((when, _)) = self.recent.front()
            && now.saturating_sub(*when) > max_age
        {
            self.recent.pop_front();
        }
    }
}

fn check_bounds(kind: &Kind) -> Result<(), Invalid> {
    let (fine, bounds) = match kind {
        Kind::Counter | Kind::Gauge => return Ok(()),
        Kind::Histogram { buckets } => {
            let ascend = buckets
                .iter()
                .zip(buckets.iter().skip(1))
                .all(|(low, high)| low < high);
            (
                ascend && !buckets.is_empty() && buckets.iter().all(|bound| !bound.is_nan()),
                buckets,
            )
        }
        Kind::Summary { quantiles, .. } => (
            !quantiles.is_empty()
                && quantiles
                    .iter()
                    .all(|quantile| (0.0..=1.0).contains(quantile)),
            quantiles,
        ),
    };
    if fine {
        Ok(())
    } else {
        Err(Invalid::Bounds(format!("{bounds:?}")))
    }
}

fn is_name(name: &str, colons: bool) -> bool {
    let fits =
        |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_' || colons && letter == b':';
    name.bytes()
        .next()
        .is_some_and(|first| !first.is_ascii_digit())
        && name.bytes().all(fits)
}

#[cfg(test)]
mod tests;
