package mailbox

import (
	"fmt"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul/internal/platform/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) (*Mailbox, string) {
	t.Helper()
	box, err := Open("127.0.0.1:0", clock.Fixed(time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	host, port := box.Address()
	return box, fmt.Sprintf("%s:%d", host, port)
}

func send(t *testing.T, address, text string) error {
	t.Helper()
	return smtp.SendMail(address, nil, "a@go.id", []string{"b@go.id"}, []byte(text))
}

func TestTheNewestAreKept(t *testing.T) {
	box, address := open(t)
	arrived := box.Arrived()
	for i := range 3 {
		if err := send(t, address, fmt.Sprintf("Subject: surat %d\r\n\r\nisi\r\n", i)); err != nil {
			t.Fatal(err)
		}
	}
	<-arrived
	all := box.Messages()
	if len(all) != 3 || all[0].Subject != "surat 2" || all[0].Text != "isi\n" || all[0].From != "a@go.id" || all[0].To[0] != "b@go.id" {
		t.Errorf("kept %+v", all)
	}
	if m, ok := box.Message(all[1].ID); !ok || m.Subject != "surat 1" {
		t.Errorf("found %+v", m)
	}
	if _, ok := box.Message("99"); ok {
		t.Error("there is no message 99")
	}
}

// Neither many messages nor large ones fill the memory.
func TestWhatIsKeptIsBounded(t *testing.T) {
	box, address := open(t)
	for i := range maxMessages + 5 {
		box.keep("a", []string{"b"}, fmt.Appendf(nil, "Subject: %d\r\n\r\n", i))
	}
	if all := box.Messages(); len(all) != maxMessages || all[0].Subject != fmt.Sprint(maxMessages+4) {
		t.Errorf("%d kept", len(all))
	}
	for range 40 {
		box.keep("a", []string{"b"}, []byte("Subject: besar\r\n\r\n"+strings.Repeat("a", maxMessage-100)))
	}
	if box.total > maxTotal {
		t.Errorf("%d bytes kept", box.total)
	}
	if err := send(t, address, "Subject: x\r\n\r\n"+strings.Repeat(strings.Repeat("a", 70)+"\r\n", maxMessage/70)); err == nil {
		t.Error("a message over the limit was taken")
	}
}

func TestParse(t *testing.T) {
	const multipart = "Subject: =?utf-8?q?kunci_=E2=80=93_habis?=\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n" +
		"--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nsatu =E2=80=93 dua\r\n" +
		"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+aGFsbzwvYj4=\r\n--x--\r\n"
	m, err := Parse([]byte(multipart))
	if err != nil || m.Subject != "kunci – habis" || m.Text != "satu – dua" || m.HTML != "<b>halo</b>" {
		t.Errorf("%+v, %v", m, err)
	}
	for name, raw := range map[string]string{
		"no header":    "",
		"no boundary":  "Content-Type: multipart/mixed\r\n\r\nx",
		"never closed": "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nabc",
		"too deep":     nested(9),
		"bad base64":   "Content-Transfer-Encoding: base64\r\n\r\n!!!!",
		"many parts":   "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\n\r\n\r\n", 99) + "--x--\r\n",
	} {
		if _, err := Parse([]byte(raw)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func nested(depth int) string {
	var b strings.Builder
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	return b.String() + "\r\nisi"
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Subject: a\r\n\r\nb"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+\r\n--x--\r\n"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\n--\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(raw)
		if err == nil && len(m.Text)+len(m.HTML) > 4*len(raw)+64 {
			t.Errorf("%d bytes became %d", len(raw), len(m.Text)+len(m.HTML))
		}
	})
}
