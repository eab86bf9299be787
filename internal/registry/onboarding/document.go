package onboarding

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
	"unicode"

	"simpul"
)

// Limits of the files beside a form.
const (
	MaxDocument   = 5 << 20 // bytes
	mostDocuments = 10      // that a form names
	mostKept      = 30      // that a form ever had

	mostOfStrangers = 4 << 30 // bytes of forms that belong to no agency yet
)

// Document is a file beside a form.
type Document struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Digest string `json:"digest" doc:"SHA-256"`
}

// readDocument checks a file and describes it. Only its first bytes tell what it
// is, never its name. A scanner for malware comes behind this one day; until
// then nobody but the operator and the agency can fetch it.
func readDocument(name string, content []byte) (Document, error) {
	switch {
	case len(content) > MaxDocument:
		return Document{}, badDocument(simpul.CodeTooLarge, simpul.Text{ID: "Berkas lebih besar dari 5 MB.", EN: "The file is larger than 5 MB."}, simpul.Text{ID: "Pindai dengan resolusi lebih rendah, atau bagi menjadi beberapa berkas.", EN: "Scan it at a lower resolution, or split it into several files."})
	case !isPDF(content):
		return Document{}, badDocument(simpul.CodeInvalid, simpul.Text{ID: "Berkas ini bukan PDF yang utuh.", EN: "The file is not a whole PDF."}, simpul.Text{ID: "Simpan dokumen sebagai PDF, lalu unggah lagi.", EN: "Save the document as PDF, then upload it again."})
	}
	sum := sha256.Sum256(content)
	return Document{Name: cleanName(name), Size: int64(len(content)), Digest: hex.EncodeToString(sum[:])}, nil
}

func badDocument(code simpul.Code, message, remedy simpul.Text) error {
	return &simpul.Error{Code: code, Place: "documents", Message: message, Remedy: remedy}
}

// isPDF looks at both ends: a header with a version at the very start, and the
// end marker in the last kilobyte (ISO 32000-1 section 7.5).
func isPDF(content []byte) bool {
	if len(content) < 32 || !bytes.HasPrefix(content, []byte("%PDF-1.")) && !bytes.HasPrefix(content, []byte("%PDF-2.")) {
		return false
	}
	return bytes.Contains(content[max(0, len(content)-1024):], []byte("%%EOF"))
}

// cleanName keeps of a file's name what is harmless to show and to save: its
// last segment, letters, digits and a few marks, at most 80 bytes with ".pdf".
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	if strings.EqualFold(path.Ext(name), ".pdf") {
		name = name[:len(name)-len(".pdf")]
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == ' ':
			return r
		case r == '.':
			return '-'
		}
		return -1
	}, name)
	clean = strings.Trim(clean, " -")
	if len(clean) > 76 {
		clean = strings.ToValidUTF8(clean[:76], "")
	}
	if clean == "" {
		clean = "dokumen"
	}
	return clean + ".pdf"
}
