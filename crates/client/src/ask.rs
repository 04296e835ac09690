//! Requests that the client makes for itself, through the codec and with no generated types.

use bytes::Bytes;
use madeline_tl::{
    Definition, Schema, Value, boxed_from_bytes, boxed_to_bytes, from_bytes, method_to_bytes,
};

use crate::error::Cause;
use crate::{Call, Client, DcId, Error};

/// The result of a method in both forms.
pub(crate) struct Answer {
    method: String,
    /// TL bytes as they came.
    pub(crate) bytes: Bytes,
    /// The same, read.
    pub(crate) value: Value,
}

impl Client {
    /// A call of a method that the client itself needs.
    pub(crate) fn call(&self, request: &Value) -> Result<Call, Error> {
        let method = request.name().to_owned();
        match method_to_bytes(self.config().schema(), request) {
            Ok(body) => Ok(Call::new(method, body)),
            Err(error) => Err(Error::Request {
                method,
                source: error.into(),
            }),
        }
    }

    /// Calls a method that the client itself needs; `request` is the method with its parameters.
    pub(crate) async fn ask(&self, request: Value) -> Result<Answer, Error> {
        self.ask_at(None, request).await
    }

    /// The same of a certain DC.
    pub(crate) async fn ask_at(&self, dc: Option<DcId>, request: Value) -> Result<Answer, Error> {
        let call = Call {
            dc,
            ..self.call(&request)?
        };
        self.answer(call).await
    }

    /// Makes a call and reads its result.
    pub(crate) async fn answer(&self, call: Call) -> Result<Answer, Error> {
        let method = call.method.clone();
        let schema = self.config().schema();
        let bytes = self.invoke(call).await?;
        let read = match schema.method(&method).map(Definition::ty) {
            Some(ty) => from_bytes(schema, ty, &bytes),
            None => boxed_from_bytes(schema, &bytes),
        };
        match read {
            Ok(value) => Ok(Answer {
                method,
                bytes,
                value,
            }),
            Err(error) => Err(Error::Answer {
                method,
                source: error.into(),
            }),
        }
    }

    /// The same, for who reads the answer's bytes.
    pub(crate) async fn ask_bytes(&self, request: &Value) -> Result<Bytes, Error> {
        self.invoke(self.call(request)?).await
    }
}

impl Answer {
    /// Takes something out of the answer, naming the method where that fails.
    pub(crate) fn read<'a, T, E: Into<Cause>>(
        &'a self,
        view: impl FnOnce(&'a Value) -> Result<T, E>,
    ) -> Result<T, Error> {
        view(&self.value).map_err(|error| self.wrong(error))
    }

    /// A part of the answer as boxed TL.
    pub(crate) fn part_bytes(&self, schema: &Schema, part: &Value) -> Result<Vec<u8>, Error> {
        boxed_to_bytes(schema, part).map_err(|error| self.wrong(error))
    }

    /// The answer is not what its method promises.
    pub(crate) fn wrong(&self, cause: impl Into<Cause>) -> Error {
        Error::Answer {
            method: self.method.clone(),
            source: cause.into(),
        }
    }
}
