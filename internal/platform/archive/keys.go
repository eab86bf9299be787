package archive

import (
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"

	"simpul"
)

// Recipient can open what is encrypted to it.
type Recipient = age.Recipient

// Identity opens what was encrypted to its recipient.
type Identity = age.Identity

// mostKeys bounds what is read as a file of keys, bytes.
const mostKeys = 1 << 20

// ParseRecipients reads age public keys, each as people write it.
func ParseRecipients(texts []string) (all []Recipient, err error) {
	for _, text := range texts {
		some, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, noRecipient()
		}
		all = append(all, some...)
	}
	return all, nil
}

// ReadRecipients reads a file of age public keys, one a line.
func ReadRecipients(path string) ([]Recipient, error) {
	text, err := readKeys(path)
	if err != nil {
		return nil, err
	}
	all, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil {
		return nil, simpul.At(path, noRecipient())
	}
	return all, nil
}

// ReadIdentities reads a file of age secret keys, one a line.
func ReadIdentities(path string) ([]Identity, error) {
	text, err := readKeys(path)
	if err != nil {
		return nil, err
	}
	all, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil { // whose text may quote the key
		return nil, simpul.Invalid(path,
			simpul.Text{ID: "Berkas ini bukan kunci rahasia age.", EN: "This file is not an age secret key."},
			simpul.Text{ID: "Sebutkan berkas buatan age-keygen, yang berisi baris AGE-SECRET-KEY-….", EN: "Name the file that age-keygen made, with a line AGE-SECRET-KEY-…."})
	}
	return all, nil
}

// leastPassphrase is the shortest passphrase that is accepted, bytes.
const leastPassphrase = 12

// ReadPassphrase reads the first line of a file as a passphrase, and gives both
// sides of it.
func ReadPassphrase(path string) (Recipient, Identity, error) {
	text, err := readKeys(path)
	if err != nil {
		return nil, nil, err
	}
	line, _, _ := strings.Cut(text, "\n")
	phrase := simpul.Secret(strings.TrimRight(line, "\r"))
	if len(phrase.Reveal()) < leastPassphrase {
		return nil, nil, simpul.Invalid(path,
			simpul.Text{ID: "Frasa sandi terlalu pendek.", EN: "The passphrase is too short."},
			simpul.Text{ID: fmt.Sprintf("Pakai sedikitnya %d bita, lebih baik beberapa kata acak.", leastPassphrase), EN: fmt.Sprintf("Use at least %d bytes, better several random words.", leastPassphrase)})
	}
	recipient, err := age.NewScryptRecipient(phrase.Reveal())
	if err != nil {
		return nil, nil, err
	}
	identity, err := age.NewScryptIdentity(phrase.Reveal())
	return recipient, identity, err
}

func readKeys(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostKeys))
	if err != nil {
		return "", unreadable(path, err)
	}
	return string(text), nil
}

func noRecipient() error {
	return simpul.Invalid("recipient",
		simpul.Text{ID: "Ini bukan kunci publik age.", EN: "This is not an age public key."},
		simpul.Text{ID: "Buat pasangan kunci dengan age-keygen di mesin lain dan sebutkan baris age1….", EN: "Make a pair of keys with age-keygen on another machine and name the line age1…."})
}
