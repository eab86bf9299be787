package tracker

import (
	"errors"
	"strings"
	"testing"

	"simpul"
)

func TestWhatIsWrongWithATextIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"nothing":          {" \n", "Belum ada yang ditulis"},
		"too long":         {strings.Repeat("é", 11), "terlalu panjang"},
		"a control":        {"a\x1b[2J", "tidak dapat dibaca"},
		"no UTF-8":         {"a\xff", "tidak dapat dibaca"},
		"as long as it is": {strings.Repeat("é", 10), ""},
		"with line breaks": {"a\r\nb\tc", ""},
	} {
		_, err := words("question", c.text, 10)
		e, failed := errors.AsType[*simpul.Error](err)
		if c.says == "" && err != nil || c.says != "" && (!failed || !strings.Contains(e.Message.ID, c.says) || e.Place != "question" || e.Remedy.ID != "Tulis 1 sampai 10 karakter.") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
