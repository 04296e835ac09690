//! Sessions of MadelineProto 8. `php-tests/support/madeline-session.php` has made the files.

use std::fs;

use madeline_mtproto::AuthKey;
use madeline_tl::{Schema, boxed_from_bytes};

use super::{DC, open, place};
use crate::session::{APP_SETTING, Note, madeline_login};
use crate::{Authorization, DcId, Error};

const SERIALIZED: &[u8] = include_bytes!("../../../../../fuzz/corpus/sessions/serialized");
const IGBINARY: &[u8] = include_bytes!("../../../../../fuzz/corpus/sessions/igbinary");
const TEST_SERVERS: &[u8] = include_bytes!("../../../../../fuzz/corpus/sessions/test-servers");
const POINTER: &[u8] = include_bytes!("../../../../../fuzz/corpus/sessions/pointer");
const NOT_LOGGED_IN: &[u8] = include_bytes!("../../../../../fuzz/corpus/sessions/not-logged-in");

fn key() -> AuthKey {
    AuthKey::from_bytes([b'k'; 256])
}

#[tokio::test]
async fn a_login_of_madelineproto_is_taken_over_and_its_files_stay() {
    for content in [SERIALIZED, IGBINARY] {
        let (_parent, directory) = place();
        fs::create_dir(&directory).unwrap();
        for (name, content) in [
            ("safe.php", content),
            ("lock", b""),
            ("lightState.php", b"x"),
        ] {
            fs::write(directory.join(name), content).unwrap();
        }
        let file = directory.join("safe.php");
        let changed = fs::metadata(&file).unwrap().modified().unwrap();
        let session = open(&directory).await.unwrap();
        assert_eq!(session.authorization(), Authorization::LoggedIn);
        assert_eq!(session.home_dc(), DcId(2));
        assert_eq!(session.auth_key(DcId(2), false).unwrap(), Some(key()));
        assert_eq!(
            session.auth_key(DcId(3), false).unwrap(),
            None,
            "it is not authorized"
        );
        let user = session.own_user().unwrap();
        assert_eq!((user.id, user.bot), (7, false));
        let user = boxed_from_bytes(Schema::api(), &user.bytes).unwrap();
        assert_eq!(user.text("first_name").unwrap(), "Alice");
        assert!(user.flag("self"));
        let app = session.setting(APP_SETTING).unwrap();
        assert_eq!(
            app.as_deref(),
            Some(&b"17349:344583e45741c457fe1862106095a5eb"[..])
        );
        let note = Note::Imported {
            file: file.clone(),
            user: 7,
        };
        assert_eq!(session.notes(), [note]);
        drop(session);
        let again = open(&directory).await.unwrap();
        assert_eq!(again.notes(), [], "it is taken over once");
        assert_eq!(again.authorization(), Authorization::LoggedIn);
        assert_eq!(fs::read(&file).unwrap(), content);
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), changed);
        assert_eq!(fs::read(directory.join("lightState.php")).unwrap(), b"x");
    }
}

#[tokio::test]
async fn a_login_that_has_ended_is_not_taken_over_again() {
    let (_parent, directory) = place();
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("safe.php"), SERIALIZED).unwrap();
    open(&directory).await.unwrap().remove().unwrap();
    let session = open(&directory).await.unwrap();
    assert_eq!(session.authorization(), Authorization::NotLoggedIn);
    assert_eq!(
        fs::read(directory.join("safe.old.php")).unwrap(),
        SERIALIZED
    );
}

#[tokio::test]
async fn a_session_that_has_a_login_of_its_own_keeps_it() {
    let (_parent, directory) = place();
    open(&directory)
        .await
        .unwrap()
        .set_home_dc(DcId(5))
        .unwrap();
    fs::write(directory.join("safe.php"), SERIALIZED).unwrap();
    let session = open(&directory).await.unwrap();
    assert_eq!(session.home_dc(), DcId(5));
    assert_eq!(session.authorization(), Authorization::NotLoggedIn);
}

#[tokio::test]
async fn a_session_in_which_nobody_is_logged_in_brings_nothing() {
    let (_parent, directory) = place();
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("safe.php"), NOT_LOGGED_IN).unwrap();
    let session = open(&directory).await.unwrap();
    assert_eq!(session.authorization(), Authorization::NotLoggedIn);
    assert_eq!((session.home_dc(), session.notes()), (DC, &[][..]));
}

#[test]
fn test_servers_have_keys_of_their_own() {
    let login = madeline_login(TEST_SERVERS).unwrap().unwrap();
    assert!(login.test && login.user.bot);
    assert_eq!((login.home, login.keys), (DcId(2), vec![(DcId(2), key())]));
}

#[tokio::test]
async fn what_cannot_be_taken_over_says_why_and_stays() {
    let newer = [&SERIALIZED[..24], &[9], &SERIALIZED[25..]].concat();
    let mut without_key = SERIALIZED.to_vec();
    let at = without_key
        .windows(4)
        .position(|bytes| bytes == b"kkkk")
        .unwrap();
    without_key.splice(at - 5..at - 2, *b"255");
    without_key.remove(at);
    for (content, wanted) in [
        (POINTER, "in which database"),
        (b"", "no session of MadelineProto"),
        (b"<?php echo 1;", "no session of MadelineProto"),
        (&newer, "form 9"),
        (&SERIALIZED[..1000], "wanted at byte"),
        (b"<?php __HALT_COMPILER();\x01a:0:{}", "holds no session"),
        (&without_key, "no authorization key for DC 2"),
    ] {
        let (_parent, directory) = place();
        fs::create_dir(&directory).unwrap();
        let file = directory.join("safe.php");
        fs::write(&file, content).unwrap();
        let error = open(&directory).await.map(drop).unwrap_err();
        assert!(matches!(error, Error::SessionImport { .. }), "{error:?}");
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(error.to_string().contains("safe.php"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), content);
    }
}

#[tokio::test]
async fn a_link_in_place_of_the_file_is_refused() {
    let (parent, directory) = place();
    fs::create_dir(&directory).unwrap();
    let target = parent.path().join("safe.php");
    fs::write(&target, SERIALIZED).unwrap();
    std::os::unix::fs::symlink(&target, directory.join("safe.php")).unwrap();
    let error = open(&directory).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("symbolic link"), "{error}");
}
