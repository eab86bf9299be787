package pkcs11

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"simpul"
)

// ErrMechanism says that the token cannot do what it was asked for, such as
// RSA-OAEP with SHA-256.
var ErrMechanism = errors.New("the token does not know the mechanism")

// symptoms are what pkcs11-tool says, and what that means to the operator. The
// first that is found counts.
var symptoms = []struct {
	said            string
	place           string
	message, remedy simpul.Text
}{
	{"CKR_PIN_LOCKED", "vault.pkcs11.pin",
		simpul.Text{ID: "PIN token terkunci karena terlalu sering salah.", EN: "The token's PIN is locked after too many wrong ones."},
		simpul.Text{ID: "Minta petugas keamanan token (SO) membukanya.", EN: "Ask the token's security officer (SO) to unlock it."}},
	{"CKR_PIN_", "vault.pkcs11.pin",
		simpul.Text{ID: "PIN token salah.", EN: "The token's PIN is wrong."},
		simpul.Text{ID: "Perbaiki vault.pkcs11.pin atau pinFile sebelum mencoba lagi: token mengunci diri setelah beberapa PIN salah.", EN: "Mend vault.pkcs11.pin or pinFile before you try again: a token locks itself after some wrong PINs."}},
	{"No slot with token named", "vault.pkcs11.token",
		simpul.Text{ID: "Token tidak ditemukan.", EN: "The token was not found."},
		simpul.Text{ID: "Pasang tokennya, dan samakan vault.pkcs11.token dengan: pkcs11-tool --module MODUL --list-token-slots.", EN: "Plug it in, and write in vault.pkcs11.token what this prints: pkcs11-tool --module MODULE --list-token-slots."}},
	{"No slot", "vault.pkcs11.token",
		simpul.Text{ID: "Token tidak ditemukan.", EN: "The token was not found."},
		simpul.Text{ID: "Pasang tokennya, lalu jalankan lagi.", EN: "Plug it in and run again."}},
	{"load pkcs11 module", "vault.pkcs11.module",
		simpul.Text{ID: "Modul PKCS#11 tidak dapat dimuat.", EN: "The PKCS#11 module cannot be loaded."},
		simpul.Text{ID: "Tulis jalur pustaka dari pembuat token pada vault.pkcs11.module.", EN: "Write the path of the token vendor's library in vault.pkcs11.module."}},
	{"not found", "vault.pkcs11.key",
		simpul.Text{ID: "Token tidak memiliki kunci dengan ID ini.", EN: "The token has no key of this ID."},
		simpul.Text{ID: "Samakan vault.pkcs11.key dengan ID pada: pkcs11-tool --list-objects.", EN: "Write in vault.pkcs11.key the ID that this shows: pkcs11-tool --list-objects."}},
}

// explain says in words why the tool failed. What it said on standard error goes
// to the log; it never prints the PIN. Standard output might be a key and goes
// nowhere.
func (t Token) explain(err error, said string) error {
	if errors.Is(err, exec.ErrNotFound) {
		return &simpul.Error{
			Code: simpul.CodeUnavailable, Place: "vault.pkcs11", Err: err,
			Message: simpul.Text{ID: "Program pkcs11-tool tidak terpasang.", EN: "The program pkcs11-tool is not installed."},
			Remedy:  simpul.Text{ID: "Pasang paket opensc (Debian: apt-get install opensc).", EN: "Install the package opensc (Debian: apt-get install opensc)."},
		}
	}
	cause := fmt.Errorf("%s: %w: %s", tool, err, strings.Join(strings.Fields(said), " "))
	for _, s := range symptoms {
		if strings.Contains(said, s.said) {
			return &simpul.Error{Code: simpul.CodeUnavailable, Place: s.place, Err: cause, Message: s.message, Remedy: s.remedy}
		}
	}
	for _, name := range []string{"CKR_MECHANISM", "CKR_ARGUMENTS_BAD", "C_DecryptInit"} {
		if strings.Contains(said, name) {
			return errors.Join(ErrMechanism, cause)
		}
	}
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: "vault.pkcs11", Err: cause,
		Message: simpul.Text{ID: "Token menolak, atau tidak menjawab.", EN: "The token refused, or did not answer."},
		Remedy:  simpul.Text{ID: "Periksa token dengan pkcs11-tool --test --login, dan lihat log hub.", EN: "Check the token with pkcs11-tool --test --login, and look at the hub's log."},
	}
}

func notRSA(t Token) error {
	return simpul.Invalid("vault.pkcs11.key",
		simpul.Text{ID: "Kunci " + t.Key + " pada token bukan RSA dengan 2048 bit atau lebih.", EN: "Key " + t.Key + " of the token is not RSA of 2048 bits or more."},
		simpul.Text{ID: "Buat kunci dengan: pkcs11-tool --keypairgen --key-type rsa:3072 --usage-decrypt --id 01.", EN: "Make one with: pkcs11-tool --keypairgen --key-type rsa:3072 --usage-decrypt --id 01."})
}
