# SPDX-License-Identifier: MIT OR Apache-2.0
"""Verifications a second by gost-engine through libcrypto: KEY.pem DIGEST SIGNATURE SECONDS.

One process, one context, EVP_PKEY_verify in a loop: no start of a process and no parsing is counted, and a call through
ctypes costs a microsecond beside a millisecond. Seconds are those of the processor, so a busy machine does not count.
"""
import ctypes
import sys
import time

key_path, digest_path, signature_path, seconds = sys.argv[1:]
crypto = ctypes.CDLL("libcrypto.so.3")
for name in ["ENGINE_by_id", "BIO_new_file", "PEM_read_bio_PUBKEY", "EVP_PKEY_CTX_new"]:
    getattr(crypto, name).restype = ctypes.c_void_p
crypto.OPENSSL_init_crypto(ctypes.c_uint64(0x600), None)  # built-in engines, and the one that loads others
engine = crypto.ENGINE_by_id(b"gost")
assert engine, "there is no engine gost: install libengine-gost-openssl"
assert crypto.ENGINE_init(ctypes.c_void_p(engine)) == 1
assert crypto.ENGINE_set_default(ctypes.c_void_p(engine), 0xFFFF) == 1
bio = crypto.BIO_new_file(key_path.encode(), b"r")
key = crypto.PEM_read_bio_PUBKEY(ctypes.c_void_p(bio), None, None, None)
assert key, "the key was not read"
context = ctypes.c_void_p(crypto.EVP_PKEY_CTX_new(ctypes.c_void_p(key), ctypes.c_void_p(engine)))
assert crypto.EVP_PKEY_verify_init(context) == 1
with open(digest_path, "rb") as file:
    digest = file.read()
with open(signature_path, "rb") as file:
    signature = file.read()
digest_size, signature_size = ctypes.c_size_t(len(digest)), ctypes.c_size_t(len(signature))


def verify():
    return crypto.EVP_PKEY_verify(context, signature, signature_size, digest, digest_size)


assert verify() == 1, "the signature does not verify"
count, started = 0, time.process_time()
while time.process_time() - started < float(seconds):
    assert verify() == 1
    count += 1
print(count / (time.process_time() - started))
