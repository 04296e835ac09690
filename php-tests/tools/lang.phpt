--TEST--
Lang has the texts that people read; a script's own go in their place, until the request ends
--FILE--
<?php
use danog\MadelineProto\Lang;

foreach (explode(' ', 'params_missing method_not_found not_numeric array_invalid string_required predicate_not_set could_not_convert_object '
    . 'type_extract_error type_extract_error_id peer_not_in_db sec_peer_not_in_db file_not_exist api_not_set already_loggedIn not_loggedIn '
    . 'login_code_uncalled 2fa_uncalled signup_uncalled madelineproto_ready rpc_tg_error') as $key) {
    if (!is_string(Lang::$current_lang[$key] ?? null) || Lang::$lang['en'][$key] !== Lang::$current_lang[$key]) {
        echo "$key is missing\n";
    }
}
echo Lang::$current_lang['madelineproto_ready'], ' ', count(preg_grep('/waveform/', array_keys(Lang::$current_lang))), "\n";
$before = Lang::$current_lang;
Lang::$current_lang['madelineproto_ready'] = 'Pronto!';
Lang::$lang['it'] = ['go' => 'Avanti'];
echo Lang::$current_lang['madelineproto_ready'], ' ', $before['madelineproto_ready'], ' ', Lang::$lang['en']['madelineproto_ready'], "\n";
echo implode(' ', array_keys(Lang::$lang)), "\n";
try {
    Lang::$current_lang = 'none';
} catch (TypeError $e) {
    echo $e->getMessage(), "\n";
}

require __DIR__ . '/../support/sandbox.inc';
$sandbox = Sandbox::start();
[, $output] = $sandbox->php('<?php
    danog\MadelineProto\Lang::$current_lang["loginManual"] = "Chi sei? ";
    (new danog\MadelineProto\API("session.madeline"))->start();
', "6000001:sandbox-bot-token\n");
echo $output, "\n";
?>
--EXPECT--
MadelineProto is ready! 2
Pronto! MadelineProto is ready! MadelineProto is ready!
en it
Cannot assign string to property danog\MadelineProto\Lang::$current_lang of type array
Chi sei?
