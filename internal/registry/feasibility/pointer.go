package feasibility

import "net/url"

// unescapePercent decodes a token of a URI fragment; one that cannot be decoded
// stands for itself.
func unescapePercent(token string) string {
	if plain, err := url.PathUnescape(token); err == nil {
		return plain
	}
	return token
}
