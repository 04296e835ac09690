--TEST--
DialogId tells the kinds of the bot API's ids and converts them; so do the functions that it replaced
--FILE--
<?php
use danog\DialogId\DialogId;
use danog\MadelineProto\Tools;

foreach ([5, -5, -1000000000005, -2000000000005, -2002147483649] as $id) {
    echo $id, ' ', DialogId::getType($id)->name, ' ', json_encode([DialogId::isUser($id), DialogId::isChat($id), DialogId::isSupergroupOrChannel($id), DialogId::isSecretChat($id), DialogId::isMonoforum($id)]), "\n";
}
var_dump(DialogId::getType(7) === DialogId::USER, DialogId::getType(-7) instanceof UnitEnum);
echo implode(' ', array_column(DialogId::cases(), 'name')), "\n";
var_dump(DialogId::toSupergroupOrChannel(-1000000000005), DialogId::fromSupergroupOrChannel(5), DialogId::fromSecretChatId(-5), DialogId::toSecretChatId(-2000000000005), DialogId::fromChat(5), DialogId::toChat(-5));
var_dump(Tools::toSupergroup(5), Tools::fromSupergroup(-1000000000005), Tools::isSupergroup(-1000000000005), Tools::isSupergroup(5), Tools::isSupergroup('@name'));
?>
--EXPECT--
5 USER [true,false,false,false,false]
-5 CHAT [false,true,false,false,false]
-1000000000005 CHANNEL_OR_SUPERGROUP [false,false,true,false,false]
-2000000000005 SECRET_CHAT [false,false,false,true,false]
-2002147483649 MONOFORUM [false,false,false,false,true]
bool(true)
bool(true)
USER CHAT CHANNEL_OR_SUPERGROUP SECRET_CHAT MONOFORUM
int(5)
int(-1000000000005)
int(-2000000000005)
int(-5)
int(-5)
int(5)
int(-1000000000005)
int(5)
bool(true)
bool(false)
bool(false)
