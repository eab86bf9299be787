package duty

import (
	"math"
	"strconv"
	"strings"
)

// pageKey is where a page of the list ends.
func pageKey(p Proposal) string { return strconv.FormatInt(p.CreatedAt.UnixMilli(), 10) + "/" + p.ID }

// parsePageKey reads where a page begins. What it does not understand is the
// beginning: a key is opaque to whoever shows it.
func parsePageKey(key string) (at int64, id string) {
	number, id, ok := strings.Cut(key, "/")
	at, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return math.MaxInt64, ""
	}
	return at, id
}
