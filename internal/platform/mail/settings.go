package mail

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// How the connection to the relay is encrypted.
const (
	StartTLS = "starttls" // required; the default
	TLS      = "tls"      // from the first byte (RFC 8314)
	NoTLS    = "none"     // a relay on this machine only
)

// Settings name the relay, and as whom it is used.
type Settings struct {
	Host     string
	Port     int    // 0: 587, or 465 for TLS
	TLS      string // empty: StartTLS
	Username string // empty: without authentication
	Password simpul.Secret
	From     string        // address, or Name <address>
	Timeout  time.Duration // of each step with the relay; 0: one minute
}

// complete fills in what was left out.
func (s Settings) complete() Settings {
	if s.TLS == "" {
		s.TLS = StartTLS
	}
	if s.Port == 0 {
		s.Port = 587
		if s.TLS == TLS {
			s.Port = 465
		}
	}
	if s.Timeout == 0 {
		s.Timeout = time.Minute
	}
	return s
}

func (s Settings) validate() error {
	switch {
	case s.Host == "" || strings.ContainsFunc(s.Host, func(r rune) bool { return r <= ' ' || r == '/' || r > '~' }):
		return setting("mail.host", s.Host, "smtp.contoh.go.id")
	case s.Port < 1 || s.Port > 65535:
		return setting("mail.port", strconv.Itoa(s.Port), "1–65535")
	case s.TLS != StartTLS && s.TLS != TLS && s.TLS != NoTLS:
		return setting("mail.tls", s.TLS, "starttls, tls, none")
	case s.TLS == NoTLS && !loopback(s.Host):
		return simpul.Invalid("mail.tls",
			simpul.Text{ID: "Surel tidak dikirim tanpa enkripsi ke mesin lain.", EN: "Mail is not sent unencrypted to another machine."},
			simpul.Text{ID: "Gunakan starttls atau tls; none hanya untuk peladen surel di mesin ini (127.0.0.1).", EN: "Use starttls or tls; none is for a relay on this machine only (127.0.0.1)."})
	case s.Username == "" && s.Password != "":
		return setting("mail.username", "", "nama yang dimiliki kata sandi / the name that the password belongs to")
	}
	_, err := ParseAddress(s.From)
	return simpul.At("mail.from", err)
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() || strings.EqualFold(host, "localhost")
}

func setting(key, value, want string) error {
	return simpul.Invalid(key,
		simpul.Text{ID: "Pengaturan " + key + " tidak sah: " + strconv.Quote(value) + ".", EN: "Setting " + key + " is not valid: " + strconv.Quote(value) + "."},
		simpul.Text{ID: "Contoh nilai: " + want + ".", EN: "For example: " + want + "."})
}
