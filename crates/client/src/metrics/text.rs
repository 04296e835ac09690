//! Prometheus' text format.

use std::fmt::Write;

use super::{Family, Kind, Labels, Series};

/// A metric with all its series.
pub(super) fn family(name: &str, family: &Family, out: &mut String) {
    let kind = match family.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram { .. } => "histogram",
        Kind::Summary { .. } => "summary",
    };
    let help = family.help.replace('\\', "\\\\").replace('\n', "\\n");
    let _ = writeln!(out, "# HELP {name} {help}");
    let _ = writeln!(out, "# TYPE {name} {kind}");
    for (labels, series) in &family.series {
        match &family.kind {
            Kind::Counter | Kind::Gauge => line(name, "", labels, None, &number(series.sum), out),
            Kind::Histogram { buckets } => {
                let mut below = 0;
                for (index, bound) in buckets.iter().enumerate() {
                    below += series.buckets.get(index).copied().unwrap_or_default();
                    let bound = number(*bound);
                    line(
                        name,
                        "_bucket",
                        labels,
                        Some(("le", &bound)),
                        &below.to_string(),
                        out,
                    );
                }
                let all = series.count.to_string();
                line(name, "_bucket", labels, Some(("le", "+Inf")), &all, out);
                totals(name, labels, series, out);
            }
            Kind::Summary { quantiles, .. } => {
                let mut values: Vec<f64> = series.recent.iter().map(|(_, value)| *value).collect();
                values.sort_by(f64::total_cmp);
                for quantile in quantiles {
                    let value = number(at(&values, *quantile));
                    let quantile = number(*quantile);
                    line(name, "", labels, Some(("quantile", &quantile)), &value, out);
                }
                totals(name, labels, series, out);
            }
        }
    }
}

fn totals(name: &str, labels: &Labels, series: &Series, out: &mut String) {
    line(name, "_sum", labels, None, &number(series.sum), out);
    line(name, "_count", labels, None, &series.count.to_string(), out);
}

fn line(
    name: &str,
    suffix: &str,
    labels: &Labels,
    extra: Option<(&str, &str)>,
    value: &str,
    out: &mut String,
) {
    let own = labels
        .iter()
        .map(|(label, value)| (label.as_str(), value.as_str()));
    let pairs: Vec<String> = own
        .chain(extra)
        .map(|(label, value)| format!("{label}=\"{}\"", escape(value)))
        .collect();
    let _ = if pairs.is_empty() {
        writeln!(out, "{name}{suffix} {value}")
    } else {
        let pairs = pairs.join(",");
        writeln!(out, "{name}{suffix}{{{pairs}}} {value}")
    };
}

fn escape(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('"', "\\\"")
}

fn number(value: f64) -> String {
    if value == f64::INFINITY {
        "+Inf".to_owned()
    } else if value == f64::NEG_INFINITY {
        "-Inf".to_owned()
    } else {
        value.to_string()
    }
}

/// The value that so much of the ascending values does not exceed; none of none.
fn at(values: &[f64], quantile: f64) -> f64 {
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
    let rank = (quantile * f64::from(count)).ceil() as usize;
    values
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN)
}
