package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"simpul"
)

const (
	fetchTime = 10 * time.Second // for one answer
	userAgent = "simpul"
)

// fetcher gets keys from issuers.
type fetcher struct{ client *http.Client }

// newFetcher returns a client that calls where the declaration says and nowhere
// else: no proxy of the environment, no redirect, no address that nobody may have.
func newFetcher() *fetcher {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: guard}
	return &fetcher{&http.Client{
		Timeout: fetchTime,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives: true, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// guard refuses to connect where no issuer can be, whatever name led there.
func guard(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !simpul.Callable(to.Addr()) {
		return errForbidden
	}
	return nil
}

var (
	errForbidden = errors.New("no address of an issuer")
	errAnswer    = errors.New("no proper answer")
	errMetadata  = errors.New("metadata of somebody else")
	errNoKeys    = errors.New("no key for signatures")
)

// fetch returns the keys of an issuer, and the document in which they stood.
func (f *fetcher) fetch(ctx context.Context, s *Spec) (*keySet, []byte, error) {
	from := s.Keys.URI
	if s.Keys.Discovery {
		found, err := f.discover(ctx, s.Issuer)
		if err != nil {
			return nil, nil, err
		}
		from = found
	}
	document, err := f.get(ctx, from)
	if err != nil {
		return nil, nil, err
	}
	keys, err := parseKeys(document)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%w: %w", errAnswer, err)
	case len(keys.keys) == 0:
		return nil, nil, errNoKeys
	}
	return keys, document, nil
}

// discover finds where an issuer says that its keys are, in either of the two
// places that standards name.
func (f *fetcher) discover(ctx context.Context, issuer string) (string, error) {
	places, err := metadataOf(issuer)
	if err != nil {
		return "", err
	}
	for _, place := range places {
		var document []byte
		if document, err = f.get(ctx, place); err == nil {
			return keysNamed(document, issuer)
		}
	}
	return "", err
}

// metadataOf are the addresses of an issuer's metadata: OpenID Connect Discovery
// section 4 and RFC 8414 section 3.
func metadataOf(issuer string) ([]string, error) {
	u, err := url.Parse(issuer)
	if err != nil {
		return nil, err
	}
	path := strings.TrimSuffix(u.Path, "/")
	u.Path, u.RawPath = "", ""
	return []string{
		strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration",
		u.String() + "/.well-known/oauth-authorization-server" + path,
	}, nil
}

// keysNamed reads metadata, which must be of the issuer itself (RFC 8414 section
// 3.3) and may not lead to where what is sent can be changed on the way.
func keysNamed(document []byte, issuer string) (string, error) {
	var says struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(document, &says); err != nil {
		return "", fmt.Errorf("%w: %w", errAnswer, err)
	}
	u, err := url.Parse(says.Keys)
	at, own := url.Parse(issuer)
	if says.Issuer != issuer || err != nil || own != nil || u.User != nil || !secure(u) || u.Scheme != at.Scheme {
		return "", errMetadata
	}
	return says.Keys, nil
}

func (f *fetcher) get(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", userAgent)
	res, err := f.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: status %d", errAnswer, res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxKeySet+1))
	if err == nil && len(body) > maxKeySet {
		return nil, fmt.Errorf("%w: too long", errAnswer)
	}
	return body, err
}

// wordsOf tells people why keys could not be fetched, and what to do.
func wordsOf(err error) simpul.Text {
	switch {
	case errors.Is(err, errForbidden):
		return simpul.Text{ID: "Alamatnya bukan alamat yang boleh dipanggil hub.", EN: "The address is none that the hub may call."}
	case errors.Is(err, errMetadata):
		return simpul.Text{ID: "Metadata di sana menyebut penerbit lain atau alamat kunci tanpa https; periksa nilai issuer huruf demi huruf.", EN: "The metadata there names another issuer, or keys without https; check the value issuer to the letter."}
	case errors.Is(err, errNoKeys):
		return simpul.Text{ID: "Di sana tidak ada kunci publik untuk tanda tangan.", EN: "There is no public key for signatures there."}
	case errors.Is(err, errAnswer):
		return simpul.Text{ID: "Jawabannya bukan dokumen yang diharapkan; periksa alamatnya.", EN: "The answer is not the document that was expected; check the address."}
	}
	return simpul.Text{ID: "Server penerbit tidak terjangkau dari hub; periksa alamat, DNS, sertifikat, dan firewall.", EN: "The issuer's server is not reached from the hub; check the address, DNS, its certificate and the firewall."}
}
