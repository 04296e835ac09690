//! A login as its keys: the bridge from and to other libraries.

use madeline_mtproto::AuthKey;

use super::ALREADY;
use crate::session::LoginProgress;
use crate::{Authorization, Client, DcId, Error};

impl Client {
    /// The home DC and its 256-byte key. Whoever has it is the user.
    pub fn export_authorization(&self) -> Result<(DcId, Vec<u8>), Error> {
        self.expect(Authorization::LoggedIn, "I'm not logged in!")?;
        let home = self.session().home_dc();
        match self.session().auth_key(home, self.config().test_mode)? {
            Some(key) => Ok((home, key.as_bytes().to_vec())),
            None => Err(Error::LoginState("I'm not logged in!")),
        }
    }

    /// Takes over a login by its keys; the own boxed `User`. Where that fails the session is as before.
    pub async fn import_authorization(
        &self,
        keys: &[(DcId, Vec<u8>)],
        home: DcId,
    ) -> Result<Vec<u8>, Error> {
        if self.authorization() == Authorization::LoggedIn {
            return Err(Error::LoginState(ALREADY));
        }
        let keys = keys
            .iter()
            .map(|(dc, key)| Ok((*dc, read_key(*dc, key)?)))
            .collect::<Result<Vec<_>, Error>>()?;
        let (session, test, former) = (
            self.session(),
            self.config().test_mode,
            self.session().home_dc(),
        );
        for (dc, key) in &keys {
            session.set_auth_key(*dc, test, key)?;
            self.engine().renew(*dc);
        }
        self.move_home(home)?;
        match self.ask_self().await {
            Ok(user) => {
                self.learn([user.bytes.as_slice()])?;
                session.set_logged_in(user.clone())?;
                Ok(user.bytes)
            }
            Err(error) => {
                for (dc, _) in &keys {
                    session.remove_auth_key(*dc, test)?;
                    self.engine().renew(*dc);
                }
                session.set_login(Authorization::NotLoggedIn, LoginProgress::default())?;
                self.move_home(former)?;
                Err(error)
            }
        }
    }
}

fn read_key(dc: DcId, key: &[u8]) -> Result<AuthKey, Error> {
    match key.try_into() {
        Ok(key) => Ok(AuthKey::from_bytes(key)),
        Err(_) => Err(Error::KeyLength {
            dc,
            bytes: key.len(),
        }),
    }
}
