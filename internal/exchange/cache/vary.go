package cache

import (
	"net/http"
	"slices"
	"strings"
)

// byCaller are request fields that differ with each caller or call. An answer that
// varies by one of them is for nobody else.
var byCaller = []string{"*", "Authorization", "Cookie", "Exchange-Id", "Proxy-Authorization", "X-Api-Key"}

// varied returns the names of the fields by which an answer varies, sorted.
func varied(h http.Header) (names []string) {
	for _, line := range h["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, http.CanonicalHeaderKey(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func variesByCaller(h http.Header) bool {
	return slices.ContainsFunc(varied(h), func(name string) bool { return slices.Contains(byCaller, name) })
}

// selector is one field of the request that an answer answers. A field that is
// absent is not one that is empty.
type selector struct {
	name, value string
	present     bool
}

// selectors are the fields of the request by which its answer varies.
func selectors(request, answer http.Header) (all []selector) {
	for _, name := range varied(answer) {
		all = append(all, selectorOf(request, name))
	}
	return all
}

func selectorOf(request http.Header, name string) selector {
	lines, present := request[name]
	return selector{name, folded(lines), present}
}

// folded is the value of a field that may stand in several lines. White space around
// the members of a list says nothing (RFC 9111 section 4.1).
func folded(lines []string) string {
	if len(lines) == 1 && !strings.Contains(lines[0], ",") {
		return strings.TrimSpace(lines[0])
	}
	var members []string
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			members = append(members, strings.TrimSpace(member))
		}
	}
	return strings.Join(members, ",")
}

// selects reports whether an answer with the selectors answers the request.
func selects(all []selector, request http.Header) bool {
	for _, s := range all {
		if selectorOf(request, s.name) != s {
			return false
		}
	}
	return true
}
