package feasibility

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"simpul"
)

// lookReachable makes the first call. Only if it is answered, and by the origin
// itself, the others are made.
func lookReachable(ctx context.Context, t *test, c *Check) {
	defer t.reachFurther(ctx, c)
	host := t.subject.Upstream.Hostname()
	if t.indoors() {
		c.Note = say("Dilayani hub sendiri.", "Served by the hub itself.")
	} else if !t.resolves(ctx, c, host) {
		return
	}
	a, err := t.send(ctx, t.first(), proven, 0)
	switch {
	case err == nil:
		t.arrive(c, a)
	case isTLS(err):
		t.tlsFailed = err
		c.Note = say("Servernya menerima sambungan, tetapi sambungan terenkripsinya gagal.", "The server takes connections, but the encrypted connection fails.")
	case timedOut(err) || simpul.CodeOf(err) == simpul.CodeTimeout:
		c.fail("upstream", sayf("Penyedia tidak menjawab dalam %s.", "The provider did not answer within %s.", orUsual(t.Limits.Call, callTimeout)),
			say("Periksa apakah aplikasinya berjalan dan tidak menunggu sistem lain terlalu lama.", "Check that the application runs and does not wait for another system too long."))
	case simpul.CodeOf(err) == simpul.CodeUnavailable:
		c.fail("upstream", say("Sambungan ke penyedia ditolak atau tidak sampai.", "The connection to the provider is refused or does not arrive."),
			say("Periksa alamat dan port, dan buka firewall untuk alamat hub.", "Check the address and port, and open the firewall for the hub's address."))
	default:
		c.fail("upstream", say("Penyedia menjawab dengan sesuatu yang bukan HTTP yang sah.", "The provider answers with something that is no valid HTTP."),
			say("Periksa bahwa port itu melayani HTTP, dan skema http atau https benar.", "Check that the port serves HTTP, and that the scheme http or https is right."))
	}
}

// resolves finds the addresses of the origin, and refuses those that the hub
// does not call.
func (t *test) resolves(ctx context.Context, c *Check, host string) bool {
	ctx, cancel := context.WithTimeout(ctx, orUsual(t.Limits.Call, callTimeout))
	defer cancel()
	found, err := t.Resolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(found) == 0 {
		c.fail("upstream", say("Nama server penyedia tidak ditemukan di DNS.", "The name of the provider's server is not found in DNS."),
			say("Periksa ejaan upstream; namanya harus dikenal di jaringan tempat hub berjalan.", "Check the spelling of upstream; the name must be known in the hub's network."))
		return false
	}
	for _, a := range found {
		if !simpul.Callable(a) {
			c.fail("upstream", say("Alamat penyedia bukan alamat yang boleh dipanggil hub.", "The provider's address is none that the hub may call."),
				say("Gunakan alamat server sungguhan; alamat link-local, multicast, dan metadata awan ditolak.", "Use the address of a real server; link-local, multicast and cloud metadata addresses are refused."))
			return false
		}
	}
	t.addresses = found
	return true
}

// arrive judges the first answer: a redirect means that another place answers.
func (t *test) arrive(c *Check, a *answer) {
	if location := a.header.Get("Location"); a.status >= 300 && a.status < 400 && location != "" {
		u, err := url.Parse(location)
		if err != nil || u.Host != "" {
			c.fail(a.String(), say("Penyedia mengalihkan ke server lain; hub tidak mengikutinya.", "The provider redirects to another server; the hub does not follow."),
				say("Tulis pada upstream alamat yang menjawab sendiri.", "Write in upstream the address that answers by itself."))
			return
		}
	}
	t.base = a
}

func (t *test) indoors() bool { return t.Indoors != "" && t.subject.Upstream.Host == t.Indoors }

// isTLS reports whether a call failed in the TLS handshake.
func isTLS(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return true
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" {
		return true
	}
	return strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// expiringWithin is how long a certificate must still be valid.
const expiringWithin = 30 * 24 * time.Hour

func lookTLS(ctx context.Context, t *test, c *Check) {
	for _, o := range t.subject.Further {
		t.lookFurther(ctx, c, o)
	}
	switch {
	case t.indoors():
		c.Note = say("Dilayani hub sendiri, tanpa jaringan.", "Served by the hub itself, without a network.")
	case t.subject.Upstream.Scheme != "https":
		t.lookPlain(c, "upstream", private(t.addresses))
	case t.tlsFailed != nil:
		c.add(Finding{Outcome: Fail, Place: "upstream", What: say("Sambungan TLS gagal.", "The TLS connection fails."), Got: certificateFault(t.tlsFailed),
			Remedy: say("Pasang sertifikat yang sah untuk nama server itu, dari otoritas yang dipercaya hub, dan TLS 1.2 ke atas.", "Install a valid certificate for the server's name, from an authority that the hub trusts, and TLS 1.2 or later.")})
	case t.base == nil || t.base.response.TLS == nil:
		t.unavailable(c)
	default:
		t.lookCertificate(c, t.base.response)
	}
}

// lookPlain judges an origin without TLS.
func (t *test) lookPlain(c *Check, place string, private bool) {
	strict := t.subject.Class != simpul.Terbuka || t.subject.Held
	outcome := Warn
	if strict && (!private || !t.PrivateHTTP) {
		outcome = Fail
	}
	what := say("Hub memanggil penyedia lewat http tanpa enkripsi.", "The hub calls the provider over http without encryption.")
	if strict {
		what = say("Data terbatas, tertutup, atau pribadi dikirim lewat http tanpa enkripsi.", "Restricted, closed or personal data is sent over http without encryption.")
	}
	c.add(Finding{Outcome: outcome, Place: place, What: what, Expected: "https", Got: "http",
		Remedy: say("Layani lewat https, lalu ubah "+place+".", "Serve it over https, then change "+place+".")})
}

// private reports whether an origin is reached without leaving the operator's
// own networks.
func private(addresses []netip.Addr) bool {
	for _, a := range addresses {
		if a = a.Unmap(); !a.IsLoopback() && !a.IsPrivate() {
			return false
		}
	}
	return len(addresses) > 0
}

func (t *test) lookCertificate(c *Check, res *http.Response) {
	if v := res.TLS.Version; v < tls.VersionTLS12 {
		c.add(Finding{Outcome: Fail, Place: "upstream", What: say("Versi TLS terlalu tua.", "The TLS version is too old."), Expected: "TLS 1.2 or later", Got: tls.VersionName(v),
			Remedy: say("Aktifkan TLS 1.2 atau 1.3 di server.", "Enable TLS 1.2 or 1.3 on the server.")})
	}
	if len(res.TLS.PeerCertificates) == 0 {
		return
	}
	if end := res.TLS.PeerCertificates[0].NotAfter; end.Before(t.Now().Add(expiringWithin)) {
		c.add(Finding{Outcome: Fail, Place: "upstream", What: say("Sertifikat server berakhir dalam 30 hari.", "The server's certificate ends within 30 days."), Expected: "30 days or more", Got: end.UTC().Format(time.DateOnly),
			Remedy: say("Perpanjang sertifikat, dan pasang perpanjangan otomatis.", "Renew the certificate, and set up automatic renewal.")})
	}
}

// certificateFault names what is wrong with a certificate, in one or two words.
func certificateFault(err error) string {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "certificate expired or not yet valid"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "certificate of an unknown authority"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "certificate for another name"
	}
	if strings.Contains(err.Error(), "protocol version") {
		return "no TLS version in common"
	}
	if strings.Contains(err.Error(), "HTTP response to HTTPS client") {
		return "plain HTTP on an https address"
	}
	return "handshake failed"
}
