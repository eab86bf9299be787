package signin

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// Lengths of a password: at least 12 characters; NIST SP 800-63B asks that at
// least 64 are taken.
const (
	minPassword = 12  // characters
	maxPassword = 256 // bytes
)

// common is what people choose first, a lower-case word a line. A password that
// is one of these, once digits and signs at its ends are gone, is refused.
//
//go:embed common.txt
var common string

// checkPassword refuses a password that others would guess. There is no rule
// about its kinds of characters (NIST SP 800-63B section 5.1.1.2).
func checkPassword(password simpul.Secret, account simpul.AccountID, name string) error {
	text := password.Reveal()
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return weak(simpul.Text{ID: "Kata sandi memuat karakter yang tidak dapat diketik.", EN: "The password holds characters that cannot be typed."})
	case utf8.RuneCountInString(text) < minPassword:
		return weak(simpul.Text{ID: "Kata sandi terlalu pendek.", EN: "The password is too short."})
	case len(text) > maxPassword:
		return weak(simpul.Text{ID: "Kata sandi terlalu panjang.", EN: "The password is too long."})
	case isCommon(text):
		return weak(simpul.Text{ID: "Kata sandi ini sering dipakai orang, jadi mudah ditebak.", EN: "Many people use this password, so it is easy to guess."})
	case holdsName(text, account, name):
		return weak(simpul.Text{ID: "Kata sandi memuat nama Anda atau nama instansi.", EN: "The password contains your name or your agency's."})
	}
	return nil
}

func weak(message simpul.Text) error {
	return simpul.Invalid("password", message, simpul.Text{
		ID: "Pakai sedikitnya 12 karakter, misalnya empat kata acak yang hanya Anda yang tahu.",
		EN: "Use at least 12 characters, such as four random words that only you know."})
}

// isCommon looks a password up in the list: as it is, without what people put
// at the ends, and as repetitions of one piece.
func isCommon(password string) bool {
	folded := strings.ToLower(password)
	core := strings.TrimFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) })
	for word := range strings.Lines(common) {
		word = strings.TrimSpace(word)
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		if folded == word || core == word || strings.Trim(strings.ReplaceAll(folded, word, ""), "0123456789!@#$._- ") == "" {
			return true
		}
	}
	return repeats(folded) || walks(folded)
}

// repeats reports a password that is one short piece over and over.
func repeats(text string) bool {
	for size := 1; size <= len(text)/3 && size <= 4; size++ {
		if strings.HasPrefix(strings.Repeat(text[:size], len(text)/size+1), text) {
			return true
		}
	}
	return false
}

// walks reports a password that walks along the keyboard or the alphabet.
func walks(text string) bool {
	for _, row := range []string{"01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"} {
		if strings.Contains(row, text) || strings.Contains(reversed(row), text) {
			return true
		}
	}
	return false
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// holdsName reports whether a word of the person's name, of the account or the
// agency's first label stands in the password. Words of up to three letters
// stand in everything.
func holdsName(password string, account simpul.AccountID, name string) bool {
	folded := strings.ToLower(password)
	agency, _, _ := strings.Cut(string(account.Agency()), ".")
	words := strings.FieldsFunc(strings.ToLower(account.Name()+" "+agency+" "+name), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range words {
		if utf8.RuneCountInString(word) > 3 && strings.Contains(folded, word) {
			return true
		}
	}
	return false
}
