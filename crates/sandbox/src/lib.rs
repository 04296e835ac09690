//! A local Telegram data centre for the demo, the tests and the benchmarks.
