//! A login as its keys: the bridge from and to other libraries.

use madeline_mtproto::AuthKey;

use super::ALREADY;
use crate::session::Former;
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
        let mut trial = Trial::begin(self, &keys, home)?;
        match self.ask_self().await {
            Ok(user) => {
                let mut own_dcs = trial.dcs.clone();
                // The account may have been found elsewhere.
                own_dcs.push(self.session().home_dc());
                self.enter_as(user.clone(), &own_dcs)?;
                trial.former = None;
                Ok(user.bytes)
            }
            Err(error) => {
                trial.undo()?;
                Err(error)
            }
        }
    }
}

/// Keys that are being tried. Unless they prove good the session becomes what it was, also when nobody waits for
/// the outcome any more.
struct Trial<'c> {
    client: &'c Client,
    dcs: Vec<DcId>,
    former: Option<Former>,
}

impl<'c> Trial<'c> {
    fn begin(client: &'c Client, keys: &[(DcId, AuthKey)], home: DcId) -> Result<Trial<'c>, Error> {
        let former_home = client.session().home_dc();
        let former = client
            .session()
            .try_keys(keys, home, client.config().test_mode)?;
        let trial = Trial {
            client,
            dcs: keys.iter().map(|(dc, _)| *dc).collect(),
            former: Some(former),
        };
        trial.reconnect(former_home);
        Ok(trial)
    }

    fn undo(&mut self) -> Result<(), Error> {
        let Some(former) = self.former.take() else {
            return Ok(());
        };
        let tried_home = self.client.session().home_dc();
        let restored = self.client.session().restore(&former);
        self.reconnect(tried_home);
        restored
    }

    /// Gives up the connections with other keys than those stored now, and the one to a home that was left.
    fn reconnect(&self, left: DcId) {
        let engine = self.client.engine();
        engine.set_home(self.client.session().home_dc());
        self.dcs.iter().for_each(|dc| engine.renew(*dc));
        engine.renew(left);
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        let _ = self.undo();
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
