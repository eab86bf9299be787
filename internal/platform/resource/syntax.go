package resource

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"simpul"
)

// syntaxError is a file that is no YAML and no JSON.
type syntaxError struct {
	line int
	what string // the parser's words
}

// parse returns the root of each document of a file.
func parse(data []byte) ([]*yaml.Node, *syntaxError) {
	if !looksLikeJSON(data) {
		return parseYAML(data)
	}
	root, fault := parseJSON(data)
	if fault == nil {
		return []*yaml.Node{root}, nil
	}
	if roots, err := parseYAML(data); err == nil {
		return roots, nil // YAML in braces
	}
	return nil, fault
}

func parseYAML(data []byte) ([]*yaml.Node, *syntaxError) {
	lines := &lineReader{rest: data}
	roots, err := decodeAll(lines)
	if err != nil {
		return nil, &syntaxError{line: faultyLine(data, lines.given, err), what: problem(err)}
	}
	return roots, nil
}

// decodeAll reads all documents. The parser's own panics, which malformed input
// should not be able to cause, come back as errors.
func decodeAll(r io.Reader) (roots []*yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	for decoder := yaml.NewDecoder(r); ; {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return roots, nil
		case err != nil:
			return nil, err
		}
		roots = append(roots, document.Content...)
	}
}

// lineReader gives out one line at a time, so that the number of lines given
// when the parser stops bounds the place of the fault from above.
type lineReader struct {
	rest  []byte
	given int // lines begun
	amid  bool
}

func (l *lineReader) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		return 0, io.EOF
	}
	next := l.rest[:min(len(p), len(l.rest))]
	n := copy(p, next[:lineEnd(next)])
	if !l.amid {
		l.given++
	}
	l.amid = n > 0 && p[n-1] != '\n'
	l.rest = l.rest[n:]
	return n, nil
}

func lineEnd(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}

var saidLine = regexp.MustCompile(`line (\d+): `)

// faultyLine finds the line where the fault is. The parser names the line where
// the surrounding construct began, often lines too early. The lines before the
// fault parse on their own and those up to it do not, so it is looked for
// upwards from the last line that the parser saw; the parser's word counts
// where that is too far or too dear.
func faultyLine(data []byte, given int, err error) int {
	const window, dear = 20, 1 << 20
	if len(data) <= dear {
		for line := given; line > max(0, given-window); line-- {
			if _, err := decodeAll(bytes.NewReader(firstLines(data, line-1))); err == nil {
				return line
			}
		}
	}
	if m := saidLine.FindStringSubmatch(err.Error()); m != nil {
		if line, err := strconv.Atoi(m[1]); err == nil {
			return line
		}
	}
	return max(1, given)
}

func firstLines(data []byte, n int) []byte {
	end := 0
	for range n {
		end += lineEnd(data[end:])
	}
	return data[:end]
}

// problem is the parser's words without its prefix and line.
func problem(err error) string {
	return saidLine.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), "")
}

// explain says the fault in words for people. The parser's own words follow in
// parentheses, for those who search for them.
func (e *syntaxError) explain() (message, remedy simpul.Text) {
	for _, k := range knownFaults() {
		if strings.Contains(e.what, k.what) {
			return text(k.message.ID+" (%s).", k.message.EN+" (%s).", e.what), k.remedy
		}
	}
	return text("Tulisannya bukan YAML atau JSON yang sah (%s).", "This is not valid YAML or JSON (%s).", e.what),
		text("Periksa tanda kutip, kurung dan indentasi di sekitar baris ini.", "Check quotes, brackets and indentation around this line.")
}

type knownFault struct {
	what            string // within the parser's words
	message, remedy simpul.Text
}

func knownFaults() []knownFault {
	return []knownFault{
		{"mapping values are not allowed",
			text("Titik dua tidak pada tempatnya", "A colon is out of place"),
			text("Beri tanda kutip pada nilai yang memuat titik dua, atau samakan indentasinya.", "Put a value that contains a colon in quotes, or align the indentation.")},
		{"tab character",
			text("Indentasi memakai tab", "The indentation uses a tab"),
			text("Ganti tab dengan spasi.", "Replace the tab with spaces.")},
		{"could not find expected ':'",
			text("Titik dua setelah kunci belum ada", "The colon after a key is missing"),
			text("Tulis kunci: nilai, dengan spasi setelah titik dua.", "Write key: value, with a space after the colon.")},
		{"unexpected end of stream",
			text("Tanda kutip belum ditutup", "A quote is not closed"),
			text("Tambahkan tanda kutip penutup.", "Add the closing quote.")},
		{"expected ',' or",
			text("Kurung belum ditutup atau koma belum ada", "A bracket is not closed or a comma is missing"),
			text("Tambahkan kurung penutup atau koma.", "Add the closing bracket or the comma.")},
		{"cannot start any token",
			text("Nilai diawali karakter khusus", "A value begins with a special character"),
			text("Beri tanda kutip pada nilai itu; untuk indentasi gunakan spasi.", "Put the value in quotes; for indentation use spaces.")},
		{"did not find expected",
			text("Baris ini tidak sejajar dengan baris di atasnya, atau nilainya perlu tanda kutip", "This line does not align with those above it, or its value needs quotes"),
			text("Samakan indentasi dengan baris setingkat, atau beri tanda kutip pada nilainya.", "Align it with the lines of its level, or put its value in quotes.")},
		{"unknown anchor",
			text("Alias tidak diterima", "Aliases are not accepted"),
			text("Tulis nilainya di sini, atau beri tanda kutip pada nilai yang diawali *.", "Write the value here, or put a value that begins with * in quotes.")},
	}
}
