package signin

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

// What an agency declares leads to no address that nobody may have: 0.0.0.0 is
// this very machine to its kernel, and stands here for all of them.
func TestProvidersAreCalledWhereTheyCanBe(t *testing.T) {
	called := 0
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))
	defer s.Close()
	client := outbound(t.Context()).Value(oauth2.HTTPClient).(*http.Client)
	if res, err := client.Get(s.URL); err != nil {
		t.Fatal(err)
	} else {
		res.Body.Close()
	}
	if res, err := client.Get(strings.Replace(s.URL, "127.0.0.1", "0.0.0.0", 1)); err == nil || !strings.Contains(err.Error(), "no address of an identity provider") || called != 1 {
		t.Errorf("%v %v, called %d times", res, err, called)
	}
}
