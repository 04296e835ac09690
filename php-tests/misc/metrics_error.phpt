--TEST--
Metrics that cannot be: names, labels, bounds, kinds; and memory profiles where nothing records them
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Settings\Metrics;

$sandbox = Sandbox::start();
$api = $sandbox->bot('6000001:sandbox-bot-token');
$api->updateSettings((new Metrics)->setEnablePrometheusCollection(true));
thrown(fn () => $api->getPromCounter('shop', 'or-ders', ''));
thrown(fn () => $api->getPromCounter('1', 'orders', ''));
thrown(fn () => $api->getPromCounter('', "\xff", ''));
$orders = $api->getPromCounter('shop', 'orders', '');
thrown(fn () => $orders->incBy(-1));
thrown(fn () => $orders->incBy('many'));
thrown(fn () => $orders->inc(['a-b' => 'x']));
thrown(fn () => $orders->inc(['x']));
thrown(fn () => $orders->inc(['kind' => []]));
thrown(fn () => $api->getPromGauge('shop', 'orders', ''));
thrown(fn () => $api->getPromHistogram('', 'h', '', [], [2, 1]));
thrown(fn () => $api->getPromHistogram('', 'h', '', [], ['one']));
thrown(fn () => $api->getPromHistogram('', 'h', '')->observe(1, ['le' => 'x']));
thrown(fn () => $api->getPromSummary('', 's', '', [], 1, [1.5]));
thrown(fn () => $api->renderPromStats(new stdClass));
thrown(fn () => new \danog\MadelineProto\Metrics\Counter);
thrown(fn () => $orders->name = 'other');
thrown(fn () => serialize($orders));

echo "memory profiles:\n";
thrown(fn () => $api->getMemoryProfile());
eval('function memprof_enabled() { return $GLOBALS["enabled"]; } function memprof_dump_pprof($file) { fwrite($file, "profile"); }');
$enabled = false;
thrown(fn () => $api->getMemoryProfile());
$enabled = true;
echo $api->getMemoryProfile(), "\n";
?>
--EXPECTF--
InvalidArgumentException: "shop_or-ders" is no name of a metric: letters, digits, _ and : were expected, and no digit first
InvalidArgumentException: "1_orders" is no name of a metric: letters, digits, _ and : were expected, and no digit first
InvalidArgumentException: "�" is no name of a metric: letters, digits, _ and : were expected, and no digit first
InvalidArgumentException: shop_orders is a counter, which cannot decrease
TypeError: danog\MadelineProto\Metrics\Counter::incBy(): Argument #1 ($value) must be of type int|float, string given, called in %s on line %d
InvalidArgumentException: "a-b" is no name of a label here: letters, digits and _ were expected, no digit and no __ first, no `le` for histograms, no `quantile` for summaries
InvalidArgumentException: "0" is no name of a label here: letters, digits and _ were expected, no digit and no __ first, no `le` for histograms, no `quantile` for summaries
InvalidArgumentException: The label kind of a metric must be a string, array was given
danog\MadelineProto\Exception: there is a metric shop_orders already, of another kind or with other bounds
InvalidArgumentException: [2.0, 1.0] was given: buckets are ascending numbers, quantiles lie between 0 and 1
InvalidArgumentException: [NaN] was given: buckets are ascending numbers, quantiles lie between 0 and 1
InvalidArgumentException: "le" is no name of a label here: letters, digits and _ were expected, no digit and no __ first, no `le` for histograms, no `quantile` for summaries
InvalidArgumentException: [1.5] was given: buckets are ascending numbers, quantiles lie between 0 and 1
danog\MadelineProto\Exception: renderPromStats() writes the text format, with no renderer but its own
Error: Call to protected danog\MadelineProto\Metrics\Collector::__construct() from global scope
Error: Cannot modify readonly property danog\MadelineProto\Metrics\Collector::$name
Exception: Serialization of 'danog\MadelineProto\Metrics\Counter' is not allowed
memory profiles:
danog\MadelineProto\Exception: getMemoryProfile() needs the PHP extension memprof, which is not loaded
danog\MadelineProto\Exception: Memory profiling is off: set the environment variable MEMPROF_PROFILE=1 before PHP starts
profile
