--TEST--
Metrics for Prometheus: nothing unless asked for; then counters, gauges, histograms and summaries with their labels
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\BetterPrometheus\{BetterCounter, BetterGauge, BetterHistogram, BetterSummary};
use danog\MadelineProto\Settings\Metrics;

$sandbox = Sandbox::start();
$api = $sandbox->bot('6000001:sandbox-bot-token');
var_dump($api->getPromCounter('shop', 'orders', 'Orders'), $api->getPromGauge('', 'x', ''), $api->getPromHistogram('', 'x', ''));
var_dump($api->getPromSummary('', 'x', ''), $api->renderPromStats());

$api->updateSettings((new Metrics)->setEnablePrometheusCollection(true));
$orders = $api->getPromCounter('shop', 'orders', "Orders\nthat came", ['kind' => 'bread']);
$orders->inc();
$orders->incBy(2.5);
$api->getPromCounter('shop', 'orders', 'Again', ['kind' => 'bread'])->inc(['kind' => 'butter', 'size' => 2]);
$more = $orders->addLabels(['where' => 'here']);
$more->inc();
var_dump($orders instanceof BetterCounter, $more->labels['where'], isset($orders->labels['where']), $orders->namespace, $orders->name, $orders->help);

$heat = $api->getPromGauge('', 'heat', '', ['session' => 'own']);
$heat->set(5);
$heat->inc();
$heat->incBy(0.5);
$heat->dec();
$heat->decBy(10);
$time = $api->getPromHistogram('shop', 'seconds', '', [], [0.5, 2]);
array_map($time->observe(...), [0.1, 0.5, 1, 7]);
$size = $api->getPromSummary('shop', 'size', '', [], 60, [0.5]);
array_map($size->observe(...), range(1, 9));
var_dump($heat instanceof BetterGauge, $time instanceof BetterHistogram, $size instanceof BetterSummary);

echo str_replace([$sandbox->path('bot.madeline'), $sandbox->path('')], '…', preg_replace('/(_bytes) \d+/', '$1 n', $api->renderPromStats()));
?>
--EXPECT--
NULL
NULL
NULL
NULL
string(0) ""
bool(true)
string(4) "here"
bool(false)
string(4) "shop"
string(6) "orders"
string(16) "Orders
that came"
bool(true)
bool(true)
bool(true)
# HELP heat 
# TYPE heat gauge
heat{session="own",session_id="6000001"} -4.5
# HELP php_memory_bytes Memory that PHP's memory manager has taken from the system.
# TYPE php_memory_bytes gauge
php_memory_bytes n
# HELP process_resident_memory_bytes Memory of the process that is in use, PHP's and the extension's.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes n
# HELP shop_orders Orders\nthat came
# TYPE shop_orders counter
shop_orders{kind="bread",session="…",session_id="6000001"} 3.5
shop_orders{kind="bread",session="…",session_id="6000001",where="here"} 1
shop_orders{kind="butter",session="…",session_id="6000001",size="2"} 1
# HELP shop_seconds 
# TYPE shop_seconds histogram
shop_seconds_bucket{session="…",session_id="6000001",le="0.5"} 2
shop_seconds_bucket{session="…",session_id="6000001",le="2"} 3
shop_seconds_bucket{session="…",session_id="6000001",le="+Inf"} 4
shop_seconds_sum{session="…",session_id="6000001"} 8.6
shop_seconds_count{session="…",session_id="6000001"} 4
# HELP shop_size 
# TYPE shop_size summary
shop_size{session="…",session_id="6000001",quantile="0.5"} 5
shop_size_sum{session="…",session_id="6000001"} 45
shop_size_count{session="…",session_id="6000001"} 9
