package main

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"simpul"
)

// answerTimeout is from sending to the answer's last byte.
const answerTimeout = 30 * time.Second

// hubFlags say which hub a command talks to, and as whom.
type hubFlags struct {
	Server       string        `default:"http://127.0.0.1:8081" env:"SIMPUL_SERVER" placeholder:"URL" help:"Alamat kendali hub; bawaan http://127.0.0.1:8081." en:"The hub's control address; http://127.0.0.1:8081 unless given."`
	Token        simpul.Secret `env:"SIMPUL_TOKEN" placeholder:"TOKEN" help:"Token API; lebih aman lewat lingkungan." en:"API token; safer in the environment."`
	InsecureHTTP bool          `name:"insecure-http" help:"Izinkan token lewat http tanpa enkripsi ke mesin lain." en:"Allow the token over unencrypted http to another machine."`
}

// hub is the control API of a running hub.
type hub struct {
	base   *url.URL
	token  simpul.Secret
	lang   simpul.Language
	client *http.Client
	lag    lag // of the list that was read last
}

// open checks the flags; it does not connect yet.
func (f hubFlags) open(con *console) (*hub, error) {
	base, err := f.address()
	if err != nil {
		return nil, err
	}
	token, err := f.credential()
	if err != nil {
		return nil, err
	}
	if token != "" && base.Scheme == "http" && !loopback(base.Hostname()) && !f.InsecureHTTP {
		return nil, usage(simpul.Invalid("",
			text("Token tidak dikirim lewat http tanpa enkripsi ke %s.", "The token is not sent over unencrypted http to %s.", base.Host),
			text("Gunakan alamat https, atau --insecure-http bila jaringannya sudah terlindung.", "Use an https address, or --insecure-http if the network is already protected.")))
	}
	return &hub{base: base, token: token, lang: con.lang, client: &http.Client{
		Timeout: answerTimeout,
		// Followed, a redirect would carry the token to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// address is the server flag as a URL that paths can be added to.
func (f hubFlags) address() (*url.URL, error) {
	base, err := url.Parse(f.Server)
	shown := f.Server
	if err == nil {
		shown = base.Redacted()
		web := base.Scheme == "http" || base.Scheme == "https"
		if web && base.Host != "" && base.User == nil && base.RawQuery == "" && base.Fragment == "" {
			return base, nil
		}
	}
	return nil, usage(simpul.Invalid("",
		text("Alamat hub %q tidak sah.", "Hub address %q is not valid.", shown),
		text("Tulis seperti http://127.0.0.1:8081 atau https://hub.contoh.go.id.", "Write it like http://127.0.0.1:8081 or https://hub.example.go.id.")))
}

// credential is the token, without the spaces that a copy or a file brings along.
func (f hubFlags) credential() (simpul.Secret, error) {
	token := strings.TrimSpace(f.Token.Reveal())
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", usage(simpul.Invalid("",
			text("Token memuat karakter yang tidak mungkin ada di sebuah token.", "The token has characters that no token has."),
			text("Salin ulang token, tanpa spasi dan baris baru.", "Copy the token again, without spaces and line breaks.")))
	}
	return simpul.Secret(token), nil
}

// loopback reports whether the host is this machine.
func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() || strings.EqualFold(host, "localhost")
}
