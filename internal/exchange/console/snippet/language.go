package snippet

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// KeyVariable is the environment variable from which programs take the key.
const KeyVariable = "SIMPUL_API_KEY"

// Field is one header field.
type Field struct{ Name, Value string }

// Call is what a program does.
type Call struct {
	Method string // a token
	URL    string // absolute and percent-encoded: printable ASCII
	Header []Field
	Media  string // of the body
	Body   string // UTF-8; empty for none
}

// Language is one in which calls can be written.
type Language struct {
	Name  string // "go"
	Label string // "Go"
	File  string // name of a file with the program
	write func(Call) string
}

// Languages lists them.
func Languages() []Language {
	return []Language{
		{"curl", "curl", "panggil.sh", curl},
		{"go", "Go", "main.go", golang},
		{"python", "Python", "panggil.py", python},
		{"php", "PHP", "panggil.php", php},
		{"java", "Java", "Panggil.java", java},
		{"javascript", "JavaScript", "panggil.mjs", javascript},
	}
}

// ByName finds a language.
func ByName(name string) (Language, bool) {
	for _, l := range Languages() {
		if l.Name == name {
			return l, true
		}
	}
	return Language{}, false
}

// Write writes the call as a program. A call that has what no program can send is
// refused.
func (l Language) Write(c Call) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	return l.write(c), nil
}

// check refuses what cannot stand in a request, or could act on whoever pastes it.
func (c Call) check() error {
	if c.Method == "" || strings.Trim(c.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return fmt.Errorf("method %q", c.Method)
	}
	if !visible(c.URL) || !strings.HasPrefix(c.URL, "http://") && !strings.HasPrefix(c.URL, "https://") {
		return fmt.Errorf("URL %q", c.URL)
	}
	for _, f := range append([]Field{{"Content-Type", c.Media}}, c.Header...) {
		if !IsFieldName(f.Name) || !printable(f.Value) {
			return fmt.Errorf("header %q", f.Name)
		}
	}
	if !utf8.ValidString(c.Body) || strings.ContainsFunc(c.Body, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return fmt.Errorf("body with control characters")
	}
	return nil
}

func visible(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// IsFieldName reports whether a text is the name of a header (RFC 9110 section
// 5.1).
func IsFieldName(s string) bool {
	const marks = "!#$%&'*+-.^_`|~"
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r > '~' || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(marks, r)
	})
}

// fields are all header fields but that of the key.
func (c Call) fields() []Field {
	all := []Field{{"Accept", "application/json"}}
	for _, f := range c.Header {
		if strings.EqualFold(f.Name, "Accept") {
			all = all[1:]
			break
		}
	}
	all = append(all, c.Header...)
	if c.Body != "" {
		all = append(all, Field{"Content-Type", c.Media})
	}
	return all
}

// inShell is a word for a POSIX shell.
func inShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// inGo is a literal that Go and Python both read, in ASCII.
func inGo(s string) string { return strconv.QuoteToASCII(s) }

// inJavaScript is a literal in ASCII: what JSON escapes, and everything else that
// is not ASCII.
func inJavaScript(s string) string {
	text, _ := json.Marshal(s) // a valid string always encodes
	return ascii(string(text))
}

// inJava writes no \u for what is ASCII: Java reads those before it reads the
// literal.
func inJava(s string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s)
	return ascii(`"` + escaped + `"`)
}

// inPHP is a literal in which PHP replaces nothing.
func inPHP(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'" }

// ascii escapes what is not ASCII as UTF-16, which JavaScript and Java read.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
