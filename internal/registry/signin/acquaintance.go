package signin

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"simpul"
)

// acquainted is how long a browser is known after somebody signed in with it.
const acquainted = 180 * 24 * time.Hour

// acquaint returns what a browser shows later to be known as one that was signed
// in to the account. It proves nothing about who uses it, names nobody, and is
// stored nowhere.
func (s *Service) acquaint(account simpul.AccountID) (simpul.Secret, error) {
	nonce := simpul.NewSecret("").Reveal()
	seal, err := s.acquaintance(string(account), nonce)
	return simpul.Secret(nonce + "." + seal), err
}

// recognises reports whether the browser was signed in to the account before.
func (s *Service) recognises(browser simpul.Secret, account string) (bool, error) {
	nonce, seal, ok := strings.Cut(browser.Reveal(), ".")
	if !ok || len(browser) > 500 {
		return false, nil
	}
	want, err := s.acquaintance(account, nonce)
	return err == nil && subtle.ConstantTimeCompare([]byte(seal), []byte(want)) == 1, err
}

func (s *Service) acquaintance(account, nonce string) (string, error) {
	return s.sealer.Digest(account+" "+nonce, "signin_failure.browser")
}

// greet makes the browser known that somebody has just signed in with. It is a
// comfort: when it fails, the person is in all the same.
func (p *Pages) greet(w http.ResponseWriter, r *http.Request, account simpul.AccountID) {
	if account == "" {
		return
	}
	secret, err := p.service.acquaint(account)
	if err != nil {
		p.log.ErrorContext(r.Context(), "a browser cannot be made known", "error", err)
		return
	}
	p.known.write(w, r, secret, p.service.now().Add(acquainted))
}
