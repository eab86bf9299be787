package agency_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/agency"
)

// issued is a certificate of a test, with what issues others.
type issued struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

func (i issued) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.Raw}))
}

func (i issued) fingerprint() string {
	sum := sha256.Sum256(i.Raw)
	return hex.EncodeToString(sum[:])
}

// made is a certificate, by itself or of an authority; change alters it first.
func made(t testing.TB, name string, by *issued, change func(*x509.Certificate)) issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name, Organization: []string{"Kota"}}, BasicConstraintsValid: true, IsCA: by == nil,
		NotBefore: monday.Add(-time.Hour), NotAfter: monday.Add(90 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if change != nil {
		change(template)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.Certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issued{parsed, key}
}

func (r *room) wallet(t testing.TB) *agency.Wallet {
	t.Helper()
	keyring := agency.NewKeyring(r.db, r.clock)
	wallet := agency.NewWallet(r.db, r.clock, keyring)
	if err := keyring.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := wallet.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return wallet
}

func (r *room) add(t testing.TB, application string, wish agency.CertificateWish) agency.Certificate {
	t.Helper()
	c, err := r.applications.AddCertificate(t.Context(), operator, application, wish)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACertificateStandsForItsApplication(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		own, named := made(t, "sendiri", nil, nil), made(t, "bernama", nil, nil)
		authority := made(t, "CA Kota", nil, nil)
		child := made(t, "layanan", &authority, nil)
		wishes := map[string]struct {
			wish  agency.CertificateWish
			shown issued
		}{
			"itself":     {agency.CertificateWish{Certificate: own.pem()}, own},
			"its digest": {agency.CertificateWish{Thumbprint: "sha256 Fingerprint=" + colons(named.fingerprint())}, named},
			"its issuer": {agency.CertificateWish{Subject: child.Subject.String(), Authority: authority.pem()}, child},
		}
		for name, w := range wishes {
			c := r.add(t, layanan, w.wish)
			got, err := r.wallet(t).Authenticate(w.shown.Certificate)
			if err != nil || got.Application != layanan || !strings.HasPrefix(got.Credential, c.ID) {
				t.Errorf("%s: got %+v, %v", name, got, err)
			}
			if again, err := r.applications.AddCertificate(t.Context(), operator, layanan, w.wish); simpul.CodeOf(err) != simpul.CodeConflict {
				t.Errorf("%s: registered twice: %+v, %v", name, again, err)
			}
			if err := r.applications.RevokeCertificate(t.Context(), adminOf(bandung), layanan, c.ID); err != nil {
				t.Fatal(err)
			}
			got, err = r.wallet(t).Authenticate(w.shown.Certificate)
			checkRefusal(t, err, simpul.CodeUnauthenticated, "")
			if got.Application != "" || !strings.Contains(fmt.Sprint(err), "was revoked on 2026-11-23") {
				t.Errorf("%s: after its revocation: %+v, %v", name, got, err)
			}
		}
	})
}

func colons(digest string) string {
	var pairs []string
	for i := 0; i < len(digest); i += 2 {
		pairs = append(pairs, strings.ToUpper(digest[i:i+2]))
	}
	return strings.Join(pairs, ":")
}

func TestCertificatesThatDoNotCount(t *testing.T) {
	r := furnished(t, testkit.SQLite(t))
	authority, stranger := made(t, "CA Kota", nil, nil), made(t, "CA Kota", nil, nil)
	subject := made(t, "layanan", &authority, nil).Subject.String()
	r.add(t, layanan, agency.CertificateWish{Subject: subject, Authority: authority.pem()})
	leaked := made(t, "layanan", &authority, nil)
	r.applications.RevokeCertificate(t.Context(), operator, layanan, r.add(t, layanan, agency.CertificateWish{Thumbprint: leaked.fingerprint()}).ID)
	wallet := r.wallet(t)
	between := made(t, "perantara", &authority, func(c *x509.Certificate) { c.IsCA = true })
	for name, c := range map[string]struct {
		shown issued
		says  string
	}{
		"another subject":        {made(t, "lain", &authority, nil), "not registered"},
		"an authority's copy":    {made(t, "layanan", &stranger, nil), "not registered"},
		"by itself":              {made(t, "layanan", nil, nil), "not registered"},
		"by an intermediate":     {made(t, "layanan", &between, nil), "not registered"},
		"an authority itself":    {made(t, "layanan", &authority, func(c *x509.Certificate) { c.IsCA = true }), "not registered"},
		"for servers only":       {made(t, "layanan", &authority, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), "not registered"},
		"ended":                  {made(t, "layanan", &authority, func(c *x509.Certificate) { c.NotAfter = monday.Add(-time.Minute) }), "ended on 2026-11-23"},
		"not valid yet":          {made(t, "layanan", &authority, func(c *x509.Certificate) { c.NotBefore = monday.Add(48 * time.Hour) }), "valid from 2026-11-25"},
		"revoked by itself":      {leaked, "was revoked"},
		"another organisation's": {made(t, "layanan", &authority, func(c *x509.Certificate) { c.Subject.Organization = []string{"Lain"} }), "not registered"},
	} {
		got, err := wallet.Authenticate(c.shown.Certificate)
		if got.Application != "" || simpul.CodeOf(err) != simpul.CodeUnauthenticated || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if got, err := wallet.Authenticate(made(t, "layanan", &authority, nil).Certificate); err != nil || got.Application != layanan {
		t.Errorf("a good one: %+v, %v", got, err)
	}
	r.putAgency(t, bandung, true)
	if got, err := r.wallet(t).Authenticate(made(t, "layanan", &authority, nil).Certificate); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("of a suspended agency: %+v, %v", got, err)
	}
	r.putAgency(t, bandung, false)
	r.now = monday.Add(91 * 24 * time.Hour)
	late := made(t, "layanan", &authority, func(c *x509.Certificate) { c.NotAfter = monday.Add(900 * 24 * time.Hour) })
	if _, err := r.wallet(t).Authenticate(late.Certificate); err == nil || !strings.Contains(err.Error(), "authority that issued") {
		t.Errorf("of an authority that has ended: %v", err)
	}
}

func TestTheWalletFollows(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		wallet, own := r.wallet(t), made(t, "sendiri", nil, nil)
		step := func(what string, want simpul.Code, change func()) {
			t.Helper()
			before := lastRevision(t, db)
			change()
			if err := wallet.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
				t.Fatal(err)
			}
			if _, err := wallet.Authenticate(own.Certificate); simpul.CodeOf(err) != want {
				t.Errorf("%s: got %v, want %q", what, err, want)
			}
		}
		step("registered", "", func() { r.add(t, layanan, agency.CertificateWish{Certificate: own.pem()}) })
		step("another application", "", func() { r.putApplication(t, "lain@"+bandung) })
		step("deleted with its application", simpul.CodeUnauthenticated, func() {
			if err := r.applications.Delete(t.Context(), adminOf(bandung), layanan); err != nil {
				t.Fatal(err)
			}
		})
	})
}

func TestCertificatesThatCannotBeRegistered(t *testing.T) {
	r := furnished(t, testkit.SQLite(t))
	own, authority := made(t, "sendiri", nil, nil), made(t, "CA", nil, nil)
	leaf := made(t, "daun", &authority, nil)
	old := made(t, "lama", nil, func(c *x509.Certificate) { c.NotAfter = monday.Add(-time.Hour / 2) })
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip("this Go makes no weak key to refuse: ", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, own.Certificate, own.Certificate, &weak.PublicKey, own.key)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		wish  agency.CertificateWish
		place string
	}{
		"nothing":            {agency.CertificateWish{}, "certificate"},
		"two ways":           {agency.CertificateWish{Certificate: own.pem(), Thumbprint: own.fingerprint()}, "certificate"},
		"no PEM":             {agency.CertificateWish{Certificate: "abc"}, "certificate"},
		"two certificates":   {agency.CertificateWish{Certificate: own.pem() + own.pem()}, "certificate"},
		"a private key":      {agency.CertificateWish{Certificate: own.pem() + "-----BEGIN PRIVATE KEY-----\n"}, "certificate"},
		"ended":              {agency.CertificateWish{Certificate: old.pem()}, "certificate"},
		"weak":               {agency.CertificateWish{Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}, "certificate"},
		"a short digest":     {agency.CertificateWish{Thumbprint: "abcd"}, "thumbprint"},
		"a SHA-1":            {agency.CertificateWish{Thumbprint: strings.Repeat("ab", 20)}, "thumbprint"},
		"no subject":         {agency.CertificateWish{Authority: authority.pem()}, "subject"},
		"no authority":       {agency.CertificateWish{Subject: "CN=a"}, "authority"},
		"no CA":              {agency.CertificateWish{Subject: "CN=a", Authority: leaf.pem()}, "authority"},
		"subject with lines": {agency.CertificateWish{Subject: "CN=a\nb", Authority: authority.pem()}, "subject"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.applications.AddCertificate(t.Context(), operator, layanan, c.wish)
			checkRefusal(t, err, simpul.CodeInvalid, c.place)
		})
	}
}
