package feasibility_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/registry/feasibility"
)

func TestAnOriginThatCannotBeReached(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	for name, c := range map[string]struct {
		upstream, says string
		call           time.Duration
	}{
		"down":        {"http://" + listener.Addr().String(), "Sambungan ke penyedia ditolak", time.Minute},
		"no name":     {"http://tidak-ada.invalid", "tidak ditemukan di DNS", time.Minute},
		"metadata":    {"http://169.254.169.254", "bukan alamat yang boleh dipanggil", time.Minute},
		"link-local":  {"http://[fe80::1]", "bukan alamat yang boleh dipanggil", time.Minute},
		"unspecified": {"http://0.0.0.0", "bukan alamat yang boleh dipanggil", time.Minute},
		"mapped":      {"http://[::ffff:169.254.169.254]", "bukan alamat yang boleh dipanggil", time.Minute},
		"silent":      {silent.URL, "tidak menjawab dalam", time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			tester := newTester(newDirect(t, nil), &ticking{at: monday})
			tester.Limits.Call = c.call
			r, err := tester.Run(t.Context(), subjectAt(t, c.upstream))
			if err != nil {
				t.Fatal(err)
			}
			failed, _ := bad(r)
			if strings.Join(failed, " ") != "reachable" || !strings.Contains(pretty(r), c.says) || r.Count(feasibility.Skipped) < 4 {
				t.Errorf("failed %v\n%s", failed, pretty(r))
			}
		})
	}
}

// A provider that is slow enough to use the time of a test up does not pass it.
func TestATestThatRunsOutOfTime(t *testing.T) {
	p := newProvider()
	p.one = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	server := httptest.NewServer(p)
	defer server.Close()
	tester := newTester(newDirect(t, nil), &ticking{at: monday})
	tester.Limits = feasibility.Limits{Call: time.Minute, Whole: 3 * time.Second}
	r, err := tester.Run(t.Context(), subjectAt(t, server.URL))
	if failed, _ := bad(r); err != nil || strings.Join(failed, " ") != "answers errors authentication latency" {
		t.Errorf("failed %v, %v", failed, err)
	}
}

func TestSlowAnswers(t *testing.T) {
	server := httptest.NewServer(newProvider())
	defer server.Close()
	for _, c := range []struct {
		promised, step time.Duration
		failed, warned string
	}{
		{0, 10 * time.Millisecond, "", "tls"},
		{0, 2 * time.Second, "", "tls latency"},
		{100 * time.Millisecond, 2 * time.Second, "latency", "tls"},
		{time.Minute, time.Second, "", "tls"},
	} {
		s := subjectAt(t, server.URL)
		s.Latency = c.promised
		r, err := newTester(newDirect(t, nil), &ticking{at: monday, step: c.step}).Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if failed, warned := bad(r); strings.Join(failed, " ") != c.failed || strings.Join(warned, " ") != c.warned {
			t.Errorf("%+v: failed %v, warned %v %+v", c, failed, warned, r.Latency)
		}
	}
}

// certified serves the provider with a certificate of that life, for that name.
func certified(t *testing.T, name string, until time.Time, max uint16) (url string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "uji"}, DNSNames: []string{name}, IPAddresses: []net.IP{net.ParseIP("127.0.0.1")},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	if name != "" {
		template.IPAddresses = nil
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(newProvider())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MaxVersion: max, MinVersion: tls.VersionTLS10}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots = x509.NewCertPool()
	roots.AddCert(cert)
	return server.URL, roots
}

func TestCertificates(t *testing.T) {
	year := time.Now().AddDate(1, 0, 0)
	for _, c := range []struct {
		name, host string
		until      time.Time
		max        uint16
		trusted    bool
		failed     string
	}{
		{"good", "", year, 0, true, ""},
		{"old TLS", "", year, tls.VersionTLS11, true, "tls"},
		{"of a stranger", "", year, 0, false, "tls"},
		{"for another name", "lain.go.id", year, 0, true, "tls"},
		{"expired", "", time.Now().Add(-time.Hour), 0, true, "tls"},
		{"about to expire", "", time.Now().AddDate(0, 0, 10), 0, true, "tls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, roots := certified(t, c.host, c.until, c.max)
			if !c.trusted {
				roots = x509.NewCertPool()
			}
			s := subjectAt(t, server)
			s.Class = simpul.Tertutup
			r, err := newTester(newDirect(t, roots), &ticking{at: time.Now()}).Run(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if failed, warned := bad(r); strings.Join(failed, " ") != c.failed || len(warned) > 0 {
				t.Errorf("failed %v, warned %v\n%s", failed, warned, pretty(r))
			}
		})
	}
}

func TestPlainHTTP(t *testing.T) {
	server := httptest.NewServer(newProvider())
	defer server.Close()
	u, _ := url.Parse(server.URL)
	for _, c := range []struct {
		class   simpul.LIDClass
		private bool // plain http there is admitted
		address string
		held    bool
		want    feasibility.Outcome
	}{
		{simpul.Terbuka, true, "127.0.0.1", false, feasibility.Warn},
		{simpul.Terbatas, true, "127.0.0.1", false, feasibility.Warn},
		{simpul.Terbatas, false, "127.0.0.1", false, feasibility.Fail},
		{simpul.Terbuka, true, "203.0.113.7", false, feasibility.Warn},
		{simpul.Terbatas, true, "203.0.113.7", false, feasibility.Fail},
		{simpul.Terbuka, true, "203.0.113.7", true, feasibility.Fail},
		{simpul.Tertutup, true, "10.1.2.3", true, feasibility.Warn},
	} {
		tester := newTester(elsewhere{newDirect(t, nil), u}, &ticking{at: monday})
		tester.PrivateHTTP = c.private
		s := subjectAt(t, "http://"+c.address)
		s.Class, s.Held = c.class, c.held
		r, err := tester.Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, check := range r.Checks {
			if check.Key == "tls" && check.Outcome != c.want {
				t.Errorf("%+v: %s", c, check.Outcome)
			}
		}
	}
}
