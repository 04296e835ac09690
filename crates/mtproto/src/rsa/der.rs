//! The little of DER that RSA keys need: sequences of whole numbers, and two wrappers around them.

use num_bigint::BigUint;

use super::Error;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// 1.2.840.113549.1.1.1, `rsaEncryption`.
const RSA_ENCRYPTION: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// PKCS#1 `RSAPublicKey`: modulus and exponent.
pub(super) fn read_public(der: &[u8]) -> Result<[BigUint; 2], Error> {
    let mut fields = whole_sequence(der)?;
    let numbers = [fields.number()?, fields.number()?];
    fields.finish(numbers)
}

/// X.509 `SubjectPublicKeyInfo` around a PKCS#1 key.
pub(super) fn read_subject_public_key_info(der: &[u8]) -> Result<[BigUint; 2], Error> {
    let mut info = whole_sequence(der)?;
    check_algorithm(info.element(SEQUENCE)?)?;
    let (unused_bits, key) = info.element(BIT_STRING)?.split_first().ok_or(Error::Der)?;
    if *unused_bits != 0 {
        return Err(Error::Der);
    }
    info.finish(read_public(key)?)
}

/// PKCS#1 `RSAPrivateKey`: modulus, public and private exponent, both primes. What follows is computed from these.
pub(super) fn read_private(der: &[u8]) -> Result<[BigUint; 5], Error> {
    let mut fields = whole_sequence(der)?;
    if fields.number()? != BigUint::ZERO {
        return Err(Error::Der);
    }
    Ok([
        fields.number()?,
        fields.number()?,
        fields.number()?,
        fields.number()?,
        fields.number()?,
    ])
}

/// PKCS#8 `PrivateKeyInfo` around a PKCS#1 key.
pub(super) fn read_private_key_info(der: &[u8]) -> Result<[BigUint; 5], Error> {
    let mut info = whole_sequence(der)?;
    info.number()?;
    check_algorithm(info.element(SEQUENCE)?)?;
    read_private(info.element(OCTET_STRING)?)
}

/// A sequence of whole numbers.
pub(super) fn write_sequence<'a>(numbers: impl IntoIterator<Item = &'a BigUint>) -> Vec<u8> {
    let mut content = Vec::new();
    for number in numbers {
        let mut bytes = number.to_bytes_be();
        if bytes.first().is_some_and(|&first| first >= 0x80) {
            bytes.insert(0, 0);
        }
        write_element(INTEGER, &bytes, &mut content);
    }
    let mut der = Vec::new();
    write_element(SEQUENCE, &content, &mut der);
    der
}

fn write_element(tag: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let len = content.len();
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let bytes = len.to_be_bytes();
        let significant = bytes.iter().skip_while(|&&byte| byte == 0);
        out.push(0x80 | significant.clone().count() as u8);
        out.extend(significant);
    }
    out.extend_from_slice(content);
}

fn check_algorithm(algorithm: &[u8]) -> Result<(), Error> {
    let identifier = Elements(algorithm).element(OBJECT_IDENTIFIER)?;
    if identifier == RSA_ENCRYPTION {
        Ok(())
    } else {
        Err(Error::Der)
    }
}

fn whole_sequence(der: &[u8]) -> Result<Elements<'_>, Error> {
    let mut outer = Elements(der);
    let content = outer.element(SEQUENCE)?;
    outer.finish(Elements(content))
}

/// The elements in the content of a structure.
struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    fn element(&mut self, tag: u8) -> Result<&'a [u8], Error> {
        let (&[found, first], mut rest) = self.0.split_first_chunk().ok_or(Error::Der)?;
        if found != tag {
            return Err(Error::Der);
        }
        let mut len = usize::from(first);
        if first & 0x80 != 0 {
            let (bytes, after) = rest
                .split_at_checked(usize::from(first & 0x7f))
                .ok_or(Error::Der)?;
            if bytes.is_empty() || bytes.len() > 3 {
                return Err(Error::Der);
            }
            len = bytes
                .iter()
                .fold(0, |len, &byte| len << 8 | usize::from(byte));
            rest = after;
        }
        let (content, rest) = rest.split_at_checked(len).ok_or(Error::Der)?;
        self.0 = rest;
        Ok(content)
    }

    fn number(&mut self) -> Result<BigUint, Error> {
        let content = self.element(INTEGER)?;
        match content.first() {
            Some(&first) if first < 0x80 => Ok(BigUint::from_bytes_be(content)),
            _ => Err(Error::Der),
        }
    }

    fn finish<T>(&self, value: T) -> Result<T, Error> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(Error::Der)
        }
    }
}
