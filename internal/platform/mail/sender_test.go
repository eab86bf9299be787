package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/mail/mailbox"
)

func aMessage() Message {
	return Message{
		To: Address{"Siti Rahma – Bandung", "siti.rahma@bandungkota.go.id"}, ID: "n-1", At: time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC),
		Subject: "Kunci berakhir dalam 3 hari – “layanan”", Text: "Kunci Anda berakhir.\nGanti <segera>.\n\nBuka:\nhttps://hub.go.id/akun?a=1&b=2\n", List: "notice",
	}
}

func newSender(t *testing.T, s Settings) *Sender {
	t.Helper()
	sender, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// What was sent arrives, and says what it is.
func TestAMessageArrives(t *testing.T) {
	box, err := mailbox.Open("127.0.0.1:0", clock.System)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	host, port := box.Address()
	sender := newSender(t, Settings{Host: host, Port: port, TLS: NoTLS, From: "Simpul <hub@komdigi.go.id>"})
	if err := sender.Send(t.Context(), aMessage()); err != nil {
		t.Fatal(err)
	}
	all := box.Messages()
	if len(all) != 1 {
		t.Fatalf("%d messages", len(all))
	}
	m := all[0]
	for field, want := range map[string]string{
		"Auto-Submitted": "auto-generated",
		"List-Id":        "<notice.simpul.komdigi.go.id>",
		"Message-Id":     "<n-1@komdigi.go.id>",
		"Date":           "Wed, 25 Nov 2026 03:00:00 +0000",
	} {
		if got := m.Header.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	if m.Subject != aMessage().Subject || m.Fault != "" || m.From != "hub@komdigi.go.id" || strings.Join(m.To, " ") != aMessage().To.Email {
		t.Errorf("arrived as %+v", m)
	}
	if m.Text != aMessage().Text {
		t.Errorf("text %q", m.Text)
	}
	for _, want := range []string{"Ganti &lt;segera&gt;.", `<a href="https://hub.go.id/akun?a=1&amp;b=2">`} {
		if !strings.Contains(m.HTML, want) {
			t.Errorf("HTML lacks %q: %s", want, m.HTML)
		}
	}
	if m.Header.Get("X-Mailer") != "" || strings.Contains(m.HTML, "<img") {
		t.Error("the message tells more than it must")
	}
}

// Every way in which a relay fails has its code, and so its consequence.
func TestFailuresAreClassified(t *testing.T) {
	for name, c := range map[string]struct {
		script map[string][]string
		want   simpul.Code
	}{
		"greylisted":          {map[string][]string{"RCPT": {"451 4.7.1 try again later"}}, simpul.CodeLimited},
		"no such user":        {map[string][]string{"RCPT": {"550 5.1.1 <siti.rahma@bandungkota.go.id> unknown"}}, simpul.CodeInvalid},
		"mailbox full":        {map[string][]string{"RCPT": {"552 5.2.2 over quota"}}, simpul.CodeInvalid},
		"sender refused":      {map[string][]string{"MAIL": {"553 5.1.8 bad sender"}}, simpul.CodeInvalid},
		"refused after DATA":  {map[string][]string{".": {"554 5.7.1 spam"}}, simpul.CodeInvalid},
		"later after DATA":    {map[string][]string{".": {"452 4.3.1 no space"}}, simpul.CodeLimited},
		"closed for now":      {map[string][]string{"greeting": {"421 4.3.2 closing"}}, simpul.CodeLimited},
		"hangs at once":       {map[string][]string{"greeting": {"hang"}}, simpul.CodeUnavailable},
		"hangs at RCPT":       {map[string][]string{"RCPT": {"hang"}}, simpul.CodeUnavailable},
		"hangs after DATA":    {map[string][]string{".": {"hang"}}, simpul.CodeUnavailable},
		"drops at once":       {map[string][]string{"greeting": {"drop"}}, simpul.CodeUnavailable},
		"drops after DATA":    {map[string][]string{".": {"drop"}}, simpul.CodeUnavailable},
		"speaks nonsense":     {map[string][]string{"greeting": {"hello"}}, simpul.CodeUnavailable},
		"fails after success": {map[string][]string{"RSET": {"500 5.5.1 what"}, "QUIT": {"drop"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRelay(t, c.script)
			s := r.settings()
			s.Timeout = 300 * time.Millisecond
			err := newSender(t, s).Send(t.Context(), aMessage())
			if got := simpul.CodeOf(err); got != c.want {
				t.Fatalf("code %q, want %q: %v", got, c.want, err)
			}
			if e, ok := errors.AsType[*simpul.Error](err); ok && strings.Contains(e.Message.ID+e.Message.EN+e.Remedy.ID+Summary(err), "siti") {
				t.Errorf("the explanation repeats the address: %+v", e)
			}
		})
	}
}

func TestARelayThatRefusesConnections(t *testing.T) {
	r := newRelay(t, nil)
	s := r.settings()
	r.listener.Close()
	if err := newSender(t, s).Send(t.Context(), aMessage()); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}

// Whoever stops waits no longer than they said, whatever the relay does.
func TestAnEndedContextEndsTheConversation(t *testing.T) {
	for _, step := range []string{"greeting", "EHLO", "MAIL", "RCPT", "DATA", "."} {
		r := newRelay(t, map[string][]string{step: {"hang"}})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		err := newSender(t, r.settings()).Send(ctx, aMessage()) // its own limit is a minute
		cancel()
		if simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("%s: %v", step, err)
		}
	}
}

// Without STARTTLS nothing is sent, not even a name.
func TestStartTLSIsRequired(t *testing.T) {
	r := newRelay(t, nil)
	s := r.settings()
	s.TLS, s.Username, s.Password = StartTLS, "hub", "rahasia"
	err := newSender(t, s).Send(t.Context(), aMessage())
	if err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("got %v", err)
	}
	for _, command := range r.seen {
		if command == "AUTH" || command == "MAIL" {
			t.Errorf("the relay saw %s unencrypted", command)
		}
	}
}

// secured is a relay with TLS and authentication; both are go-smtp's.
type secured struct {
	smtp.Session
	user string
	got  chan string
}

func (s *secured) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *secured) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "hub" || password != "rahasia" {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *secured) Mail(string, *smtp.MailOptions) error {
	if s.user == "" {
		return smtp.ErrAuthRequired
	}
	s.got <- s.user
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
}

func (s *secured) Reset()        {}
func (s *secured) Logout() error { return nil }

func TestTLSAndAuthentication(t *testing.T) {
	web := httptest.NewTLSServer(nil) // for its certificate, which names 127.0.0.1
	defer web.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(web.Certificate())
	got := make(chan string, 10)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &secured{got: got}, nil }))
	server.TLSConfig = web.TLS.Clone()
	server.TLSConfig.NextProtos = nil
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() { server.Close(); <-ended }()

	settings := Settings{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Username: "hub", Password: "rahasia", From: "hub@komdigi.go.id", Timeout: 5 * time.Second}
	for name, c := range map[string]struct {
		password simpul.Secret
		roots    *x509.CertPool
		want     simpul.Code
	}{
		"accepted":            {"rahasia", trusted, simpul.CodeLimited}, // as the script above has it
		"wrong password":      {"keliru", trusted, simpul.CodeUnauthenticated},
		"unknown certificate": {"rahasia", x509.NewCertPool(), simpul.CodeUnavailable},
	} {
		settings.Password = c.password
		sender := newSender(t, settings)
		sender.tls.RootCAs = c.roots
		if err := sender.Send(t.Context(), aMessage()); simpul.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(got) != 1 || <-got != "hub" {
		t.Error("the relay did not see who it is")
	}
}

// Nothing that somebody enters becomes a header field or a second recipient.
func TestNothingInjectsAHeader(t *testing.T) {
	r := newRelay(t, nil)
	sender := newSender(t, r.settings())
	for name, change := range map[string]func(*Message){
		"subject":  func(m *Message) { m.Subject = "Halo\r\nBcc: x@jahat.id" },
		"newline":  func(m *Message) { m.Subject = "Halo\nX-Jahat: 1" },
		"name":     func(m *Message) { m.To.Name = "Siti\r\nBcc: x@jahat.id" },
		"address":  func(m *Message) { m.To.Email = "siti@go.id>\r\nRCPT TO:<x@jahat.id" },
		"two":      func(m *Message) { m.To.Email = "siti@a.go.id, x@jahat.id" },
		"ID":       func(m *Message) { m.ID = "1>\r\nX: 1" },
		"list":     func(m *Message) { m.List = "a>\r\nX: 1" },
		"text":     func(m *Message) { m.Text = "halo\x00" },
		"huge":     func(m *Message) { m.Text = strings.Repeat("a", maxText+1) },
		"no lines": func(m *Message) { m.Subject = "" },
	} {
		m := aMessage()
		change(&m)
		if err := sender.Send(t.Context(), m); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(r.messages()) != 0 {
		t.Errorf("the relay got %q", r.messages())
	}
	m := aMessage()
	m.To.Name, m.Text = `"Siti" <x@jahat.id>, B`, ".\r\nhalo"
	m.Text = ".\nMAIL FROM:<x@jahat.id>\n..\n"
	if err := sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := r.messages(); len(got) != 1 || strings.Count(strings.Join(r.seen, " "), "RCPT") != 1 {
		t.Errorf("one message became %d: %q", len(got), r.seen)
	}
}

func TestAddresses(t *testing.T) {
	for s, want := range map[string]bool{
		"siti.rahma@bandungkota.go.id":       true,
		"Siti Rahma <siti@go.id>":            true,
		"o'neil+tag@go.id":                   true,
		"hub@localhost":                      true,
		"":                                   false,
		"siti":                               false,
		"@go.id":                             false,
		"siti@":                              false,
		"siti@go":                            false,
		"a..b@go.id":                         false,
		`"a b"@go.id`:                        false,
		"siti@[127.0.0.1]":                   false,
		"siti@-go.id":                        false,
		"siti@go.id\r\nBcc: x@y.id":          false,
		"sítí@go.id":                         false,
		strings.Repeat("a", 65) + "@go.id":   false,
		"a@" + strings.Repeat("a", 64) + ".": false,
		"a@b.go.id, c@d.go.id":               false,
	} {
		if _, err := ParseAddress(s); (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"siti@go.id", "S <s@go.id>", `"a"@go.id`, "a@b\r\nc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		if strings.ContainsAny(a.Email, "\r\n <>,;\"") || strings.Count(a.Email, "@") != 1 {
			t.Errorf("%q became %q", s, a.Email)
		}
		if again, err := ParseAddress(a.Email); err != nil || again.Email != a.Email {
			t.Errorf("%q is not an address any more: %v", a.Email, err)
		}
	})
}

func TestSettings(t *testing.T) {
	good := Settings{Host: "smtp.go.id", From: "Simpul <hub@go.id>"}
	for name, c := range map[string]struct {
		change func(*Settings)
		place  string // "" for accepted
	}{
		"good":               {func(*Settings) {}, ""},
		"TLS":                {func(s *Settings) { s.TLS = TLS }, ""},
		"unencrypted, here":  {func(s *Settings) { s.Host, s.TLS = "127.0.0.1", NoTLS }, ""},
		"unencrypted, there": {func(s *Settings) { s.TLS = NoTLS }, "mail.tls"},
		"unknown TLS":        {func(s *Settings) { s.TLS = "ssl" }, "mail.tls"},
		"no sender":          {func(s *Settings) { s.From = "" }, "mail.from"},
		"bad sender":         {func(s *Settings) { s.From = "hub" }, "mail.from"},
		"port":               {func(s *Settings) { s.Port = 70000 }, "mail.port"},
		"host":               {func(s *Settings) { s.Host = "unix:///x" }, "mail.host"},
		"password alone":     {func(s *Settings) { s.Password = "x" }, "mail.username"},
	} {
		s := good
		c.change(&s)
		_, err := New(s)
		e, _ := errors.AsType[*simpul.Error](err)
		if c.place == "" && err != nil || c.place != "" && (e == nil || !strings.HasPrefix(e.Place, c.place)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := (Settings{TLS: TLS}).complete(); s.Port != 465 {
		t.Errorf("port %d", s.Port)
	}
}
