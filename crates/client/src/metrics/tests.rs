#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use super::*;

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn counters_and_gauges_are_written_with_their_labels() {
    let mut registry = Registry::default();
    let calls = registry
        .register("app", "calls", "How\nmany \\ calls", Kind::Counter)
        .unwrap();
    let heat = registry.register("", "heat", "", Kind::Gauge).unwrap();
    let odd = labels(&[("what", "a\"b\\c\nd"), ("by", "x")]);
    registry.add(&calls, &odd, 1.0).unwrap();
    registry.add(&calls, &odd, 2.5).unwrap();
    registry.add(&calls, &Labels::new(), 1.0).unwrap();
    registry.set(&heat, &Labels::new(), 7.0).unwrap();
    registry.add(&heat, &Labels::new(), -9.5).unwrap();
    assert_eq!(
        registry.render(Duration::ZERO),
        "# HELP app_calls How\\nmany \\\\ calls\n# TYPE app_calls counter\napp_calls 1\n\
         app_calls{by=\"x\",what=\"a\\\"b\\\\c\\nd\"} 3.5\n\
         # HELP heat \n# TYPE heat gauge\nheat -2.5\n"
    );
}

#[test]
fn buckets_of_histograms_are_cumulative() {
    let mut registry = Registry::default();
    let buckets = vec![0.1, 1.0, f64::INFINITY];
    let name = registry
        .register("", "time", "", Kind::Histogram { buckets })
        .unwrap();
    for value in [0.1, 0.05, 0.5, 3.0] {
        registry
            .observe(&name, &Labels::new(), value, Duration::ZERO)
            .unwrap();
    }
    let text = registry.render(Duration::ZERO);
    let lines: Vec<_> = text.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "time_bucket{le=\"0.1\"} 2",
            "time_bucket{le=\"1\"} 3",
            "time_bucket{le=\"+Inf\"} 4",
            "time_sum 3.65",
            "time_count 4"
        ]
    );
}

#[test]
fn summaries_forget_what_is_too_old_but_not_the_totals() {
    let mut registry = Registry::default();
    let kind = Kind::Summary {
        max_age: Duration::from_secs(10),
        quantiles: vec![0.5, 1.0],
    };
    let name = registry.register("", "size", "", kind).unwrap();
    for second in 0..20_u32 {
        let now = Duration::from_secs(second.into());
        registry
            .observe(&name, &Labels::new(), second.into(), now)
            .unwrap();
    }
    let values = |text: String| -> Vec<String> {
        let lines = text.lines().skip(2);
        lines
            .map(|line| line.rsplit(' ').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        values(registry.render(Duration::from_secs(19))),
        ["14", "19", "190", "20"]
    );
    assert_eq!(
        values(registry.render(Duration::from_secs(100))),
        ["NaN", "NaN", "190", "20"]
    );
}

#[test]
fn a_name_has_one_kind_and_the_bounds_it_was_made_with() {
    let mut registry = Registry::default();
    let name = registry.register("a", "b", "", Kind::Counter).unwrap();
    assert_eq!(
        registry.register("a", "b", "other", Kind::Counter).unwrap(),
        name
    );
    assert_eq!(
        registry.register("", "a_b", "", Kind::Gauge),
        Err(Invalid::Taken("a_b".to_owned()))
    );
}

#[test]
fn what_prometheus_would_not_read_is_refused() {
    let mut registry = Registry::default();
    for name in ["", "1a", "a-b", "ä", "a b"] {
        assert!(matches!(
            registry.register("", name, "", Kind::Gauge),
            Err(Invalid::Name(_))
        ));
    }
    assert!(registry.register("a", "b:c_1", "", Kind::Gauge).is_ok());
    for buckets in [vec![], vec![1.0, 1.0], vec![2.0, 1.0], vec![f64::NAN]] {
        assert!(matches!(
            registry.register("", "h", "", Kind::Histogram { buckets }),
            Err(Invalid::Bounds(_))
        ));
    }
    for quantiles in [vec![], vec![1.1], vec![-0.1], vec![f64::NAN]] {
        let max_age = Duration::from_secs(1);
        assert!(matches!(
            registry.register("", "s", "", Kind::Summary { max_age, quantiles }),
            Err(Invalid::Bounds(_))
        ));
    }
    let buckets = DEFAULT_BUCKETS.to_vec();
    let histogram = registry
        .register("", "h", "", Kind::Histogram { buckets })
        .unwrap();
    for label in ["le", "1", "__a", "a-b", ""] {
        assert!(matches!(
            registry.observe(&histogram, &labels(&[(label, "x")]), 1.0, Duration::ZERO),
            Err(Invalid::Label(_))
        ));
    }
    let counter = registry.register("", "c", "", Kind::Counter).unwrap();
    assert!(matches!(
        registry.add(&counter, &Labels::new(), -1.0),
        Err(Invalid::Negative(_))
    ));
    assert!(matches!(
        registry.add(&counter, &Labels::new(), f64::NAN),
        Err(Invalid::Negative(_))
    ));
}
