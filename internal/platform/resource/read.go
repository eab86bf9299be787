package resource

import (
	"bytes"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// MaxFile is the largest file that is read, bytes.
const MaxFile = 10 << 20

// Read reads every resource of one file. The name is used in messages only.
// On error there is no document; the error joins one *simpul.Error for each
// fault, at most 20, whose Place is NAME:LINE.
func Read(name string, r io.Reader) ([]Document, error) {
	f := &faults{file: name}
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if !f.readable(data) {
		return nil, f.err()
	}
	roots, syntax := parse(data)
	if syntax != nil {
		message, remedy := syntax.explain()
		f.add(syntax.line, message, remedy)
		return nil, f.err()
	}
	docs := f.documents(roots)
	if len(f.list) > 0 {
		return nil, f.err()
	}
	return docs, nil
}

// documents reads each root that is not empty: a separator at the end of a file
// or a comment between two is no resource.
func (f *faults) documents(roots []*yaml.Node) []Document {
	var docs []Document
	for _, root := range roots {
		if isEmpty(root) {
			continue
		}
		if d, ok := f.document(root); ok {
			docs = append(docs, d)
		}
	}
	if len(docs) == 0 && len(f.list) == 0 {
		f.add(1,
			text("Tidak ada sumber daya di berkas ini.", "There is no resource in this file."),
			text("Tulis setidaknya satu dokumen dengan apiVersion, kind, metadata dan spec.", "Write at least one document with apiVersion, kind, metadata and spec."))
	}
	return docs
}

func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Tag == "!!null" && n.Anchor == ""
}

// readable reports whether the bytes are text that can be parsed at all.
func (f *faults) readable(data []byte) bool {
	line := func(at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }
	asUTF8 := text("Simpan berkas sebagai teks UTF-8 biasa.", "Save the file as plain UTF-8 text.")
	switch at, r := firstUnreadable(data); {
	case len(data) > MaxFile:
		f.add(1, text("Berkas lebih besar dari 10 MiB.", "The file is larger than 10 MiB."),
			text("Pecah menjadi beberapa berkas.", "Split it into several files."))
	case at < 0:
		return true
	case r == utf8.RuneError:
		f.add(line(at), text("Isi berkas bukan UTF-8.", "The file is not UTF-8."), asUTF8)
	case r == 0:
		f.add(line(at), text("Berkas memuat byte NUL.", "The file contains a NUL byte."), asUTF8)
	default:
		f.add(line(at), text("Karakter kendali %U tidak boleh ada.", "Control character %U is not allowed.", r),
			text("Hapus karakter itu; di dalam tanda kutip ganda ia dapat ditulis sebagai \\x%02X.", "Remove it; inside double quotes it can be written as \\x%02X.", r))
	}
	return false
}

// firstUnreadable finds the first byte that is not UTF-8 (reported as
// utf8.RuneError) or not a character of YAML (1.2.2 section 5.1), or -1.
func firstUnreadable(data []byte) (at int, r rune) {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 || !inYAML(r) && !(i == 0 && r == '\uFEFF') {
			return i, r
		}
		i += size
	}
	return -1, 0
}

func inYAML(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t' || r == '\n' || r == '\r'
	case r < 0xA0:
		return r < 0x7F || r == 0x85
	}
	return r != 0xFFFE && r != 0xFFFF
}
