package evidence

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"sync/atomic"
)

// A box is what a sealing key makes of the personal part of a record:
//
//	 0  byte      version, 1
//	 1  16 bytes  salt
//	17  12 bytes  nonce
//	29            AES-256-GCM of the JSON text, tag at its end
//
// The key of the cipher is HKDF-SHA-256 (RFC 5869) of the month's key, with the
// salt and with the month's identifier as info. Associated data: the exchange's
// identifier, a space, the month's identifier; so a box opens in its own record only.
//
// A process takes a salt of its own when it loads the keys, and a new one each
// hour. One AES-GCM key with random nonces must not seal more than 2^32 texts (NIST SP
// 800-38D section 8.3), and a month of a nation's exchanges may be more; an hour of
// one process is not.
const (
	boxVersion = 1
	saltBytes  = 16
	nonceBytes = 12
	tagBytes   = 16
	keyBytes   = 32
	boxHead    = 1 + saltBytes + nonceBytes
)

var errBox = errors.New("the sealed part is altered, or belongs to another record")

// sealingKey is the key of one class and month, ready for use. It is immutable but
// for its salted keys, and safe for concurrent use.
type sealingKey struct {
	id      string
	class   string
	month   int
	secret  [keyBytes]byte
	sealing atomic.Pointer[salted] // seals
	opening atomic.Pointer[salted] // opened last: records that follow each other share their salt
}

// salted is a cipher made of a month's key and a salt.
type salted struct {
	salt [saltBytes]byte
	gcm  cipher.AEAD
}

func (k *sealingKey) salted(salt [saltBytes]byte) (*salted, error) {
	key, err := hkdf.Key(sha256.New, k.secret[:], salt[:], k.id, keyBytes)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	return &salted{salt, gcm}, err
}

// renew takes a new salt to seal with.
func (k *sealingKey) renew() error {
	var salt [saltBytes]byte
	rand.Read(salt[:]) // never fails since Go 1.24
	s, err := k.salted(salt)
	if err == nil {
		k.sealing.Store(s)
	}
	return err
}

// seal appends a box with the text to dst. It allocates nothing where dst has room.
func (k *sealingKey) seal(dst, text, associated []byte) []byte {
	s := k.sealing.Load()
	dst = append(dst, boxVersion)
	dst = append(dst, s.salt[:]...)
	at := len(dst)
	var room [nonceBytes]byte
	dst = append(dst, room[:]...)
	nonce := dst[at : at+nonceBytes]
	rand.Read(nonce)
	return s.gcm.Seal(dst, nonce, text, associated)
}

// open returns the text of a box.
func (k *sealingKey) open(box, associated []byte) ([]byte, error) {
	if len(box) < boxHead || box[0] != boxVersion {
		return nil, errBox
	}
	salt := [saltBytes]byte(box[1 : 1+saltBytes])
	s := k.opening.Load()
	if s == nil || s.salt != salt {
		var err error
		if s, err = k.salted(salt); err != nil {
			return nil, err
		}
		k.opening.Store(s)
	}
	text, err := s.gcm.Open(nil, box[1+saltBytes:boxHead], box[boxHead:], associated)
	if err != nil {
		return nil, errBox
	}
	return text, nil
}

// appendAssociated appends what a box is bound to.
func appendAssociated[S ~string](dst []byte, exchange S, key string) []byte {
	dst = append(dst, exchange...)
	dst = append(dst, ' ')
	return append(dst, key...)
}
