//! Figures, the table for people and the JSON for machines.

use std::fs;

use serde_json::{Map, Value, json};

use crate::Failure;

/// What a figure should be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Not above this.
    AtMost(f64),
    /// Not below this.
    AtLeast(f64),
    /// Not judged: it explains another figure.
    Context,
}

/// The figures of one run, in the order they were measured.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<(String, f64, &'static str, Goal)>,
}

impl Report {
    pub(crate) fn add(&mut self, key: &str, value: f64, unit: &'static str, goal: Goal) {
        self.rows.push((key.to_owned(), value, unit, goal));
    }

    /// Adds the median of the rounds' values.
    pub(crate) fn median(&mut self, key: &str, values: Vec<f64>, unit: &'static str, goal: Goal) {
        self.add(key, median(values), unit, goal);
    }

    pub(crate) fn print(&self) {
        println!("{:<34} {:>12} {:<8} goal", "benchmark", "value", "unit");
        for (key, value, unit, goal) in &self.rows {
            let verdict = match goal {
                Goal::AtMost(limit) if value <= limit => format!("<= {limit}  met"),
                Goal::AtMost(limit) => format!("<= {limit}  MISSED"),
                Goal::AtLeast(limit) if value >= limit => format!(">= {limit}  met"),
                Goal::AtLeast(limit) => format!(">= {limit}  MISSED"),
                Goal::Context => String::new(),
            };
            println!("{key:<34} {value:>12.3} {unit:<8} {verdict}");
        }
    }

    pub(crate) fn write(&self, path: &str) -> Result<(), Failure> {
        let mut figures = Map::new();
        for (key, value, unit, goal) in &self.rows {
            let goal = match goal {
                Goal::AtMost(limit) | Goal::AtLeast(limit) => json!(limit),
                Goal::Context => Value::Null,
            };
            figures.insert(
                key.clone(),
                json!({"value": value, "unit": unit, "goal": goal}),
            );
        }
        fs::write(
            path,
            serde_json::to_string_pretty(&Value::Object(figures))? + "\n",
        )?;
        Ok(())
    }
}

/// The middle value; of an even number of values, the mean of the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (
        values.len() % 2,
        values.get(middle.wrapping_sub(1)),
        values.get(middle),
    ) {
        (0, Some(below), Some(above)) => f64::midpoint(*below, *above),
        (_, _, Some(value)) => *value,
        _ => f64::NAN,
    }
}
