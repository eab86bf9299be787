package gateway

import (
	"net/http"
	"testing"

	"simpul"
)

func TestCredentialOf(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		want   simpul.Secret
		code   simpul.Code
	}{
		"API key":           {http.Header{"X-Api-Key": {"spk_a"}}, "spk_a", ""},
		"bearer":            {http.Header{"Authorization": {"Bearer tok"}}, "tok", ""},
		"scheme in capital": {http.Header{"Authorization": {"BEARER tok"}}, "tok", ""},
		"none":              {http.Header{}, "", simpul.CodeUnauthenticated},
		"empty key":         {http.Header{"X-Api-Key": {""}}, "", simpul.CodeUnauthenticated},
		"empty bearer":      {http.Header{"Authorization": {"Bearer "}}, "", simpul.CodeUnauthenticated},
		"basic":             {http.Header{"Authorization": {"Basic dTpw"}}, "", simpul.CodeUnauthenticated},
		"two keys":          {http.Header{"X-Api-Key": {"a", "b"}}, "", simpul.CodeInvalid},
		"key and bearer":    {http.Header{"X-Api-Key": {"a"}, "Authorization": {"Bearer b"}}, "", simpul.CodeInvalid},
	} {
		got, err := credentialOf(c.header)
		if got != c.want || simpul.CodeOf(err) != c.code {
			t.Errorf("%s: got %q, %v", name, got.Reveal(), err)
		}
	}
}
