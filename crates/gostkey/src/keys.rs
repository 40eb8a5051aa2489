// SPDX-License-Identifier: MIT OR Apache-2.0
//! Private keys of both lengths.

use crate::limbs::{Limbs, read, write};
use crate::nonce::Nonces;
use crate::scheme::{self, Pair};
use crate::sets::{CRYPTOPRO_A, TC26_512_A};
use zeroize::Zeroizing;

/// Bytes of randomness that each signature takes.
pub const RANDOM_BYTES: usize = 32;
/// Nonces tried for one signature; that the second is needed has a chance of 1 in 2²⁵⁵.
const NONCES_MAX: usize = 4;

/// Why there is no key or no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The number is zero or not smaller than the number of points.
    KeyOutOfRange,
    /// The signature was made but does not verify: the machine erred, or somebody made it err.
    SelfCheck,
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::KeyOutOfRange => "the private key is no number between one and the order of the curve",
            Self::SelfCheck => "the signature does not verify: nothing is given out",
        })
    }
}

impl core::error::Error for Fault {}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident, $curve:ident, $limbs:literal, $half:literal, $whole:literal) => {
        $(#[$doc])*
        pub struct $name {
            private: Zeroizing<Limbs<$limbs>>,
            public: [u8; $whole],
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl $name {
            /// Returns the key of a number, the lowest byte first.
            pub fn new(number: &[u8; $half]) -> Result<Self, Fault> {
                let private = Zeroizing::new(read(number));
                if !scheme::is_inside(&private, &$curve.q) {
                    return Err(Fault::KeyOutOfRange);
                }
                let (x, y) = scheme::public(&$curve, &private);
                Ok(Self { private, public: join(&x, &y) })
            }

            /// Returns the public key: both coordinates, each with the lowest byte first.
            #[must_use]
            pub const fn public(&self) -> &[u8; $whole] {
                &self.public
            }

            /// Signs a digest: `r` and `s`, each with the lowest byte first, the national order.
            ///
            /// The randomness hedges the nonce, it does not make it: a source that fails leaves the nonce secret.
            pub fn sign(
                &self,
                digest: &[u8; $half],
                random: &[u8; RANDOM_BYTES],
            ) -> Result<[u8; $whole], Fault> {
                let mut private = Zeroizing::new([0; $half]);
                write(&self.private, private.as_mut());
                let mut nonces = Nonces::new(private.as_ref(), digest, random);
                let number = read(digest);
                for _ in 0..NONCES_MAX {
                    let nonce = nonces.next($curve.q.value());
                    let Some(pair) = scheme::sign(&$curve, &self.private, &number, &nonce) else { continue };
                    let signature = join(&pair.r, &pair.s);
                    let good = Self::verify(&self.public, digest, &signature);
                    return if good { Ok(signature) } else { Err(Fault::SelfCheck) };
                }
                Err(Fault::SelfCheck)
            }

            /// Returns whether `signature` is the signature of a digest by the key of `public`.
            ///
            /// A second opinion beside the verifier of `eds`: it shares no code with it.
            #[must_use]
            pub fn verify(public: &[u8; $whole], digest: &[u8; $half], signature: &[u8; $whole]) -> bool {
                let ((x, y), (r, s)) = (halves(public), halves(signature));
                let point = $curve.point(&x, &y);
                point.is_some_and(|key| scheme::verify(&$curve, &key, &read(digest), &Pair { r, s }))
            }
        }
    };
}

key! {
    /// A private key of GOST R 34.10-2012 with 512 bits on `id-tc26-gost-3410-12-512-paramSetA`, which the national
    /// authority issues as GOST 34.10-2015. The digest is Streebog-512.
    ///
    /// ```
    /// let key = gostkey::Key512::new(&[7; 64])?;
    /// let digest = gostkey::Streebog512::digest(b"the act");
    /// let signature = key.sign(&digest, &[0; 32])?;
    /// assert!(gostkey::Key512::verify(key.public(), &digest, &signature));
    /// # Ok::<(), gostkey::Fault>(())
    /// ```
    Key512, TC26_512_A, 8, 64, 128
}

key! {
    /// A private key of GOST 34.310-2004 with 256 bits on the curve CryptoPro-A: old keys, for tests. The digest is
    /// GOST 34.311-95 and comes from the caller.
    ///
    /// ```
    /// let key = gostkey::Key256::new(&[7; 32])?;
    /// let signature = key.sign(&[1; 32], &[0; 32])?;
    /// assert!(gostkey::Key256::verify(key.public(), &[1; 32], &signature));
    /// # Ok::<(), gostkey::Fault>(())
    /// ```
    Key256, CRYPTOPRO_A, 4, 32, 64
}

fn join<const L: usize, const WHOLE: usize>(first: &Limbs<L>, second: &Limbs<L>) -> [u8; WHOLE] {
    let mut bytes = [0; WHOLE];
    let (low, high) = bytes.split_at_mut(WHOLE / 2);
    write(first, low);
    write(second, high);
    bytes
}

fn halves<const L: usize, const WHOLE: usize>(bytes: &[u8; WHOLE]) -> (Limbs<L>, Limbs<L>) {
    let (low, high) = bytes.split_at(WHOLE / 2);
    (read(low), read(high))
}
