package httpapi

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// qualified matches one type name with its package, as reflect writes it.
var qualified = regexp.MustCompile(`(?:[\w./-]*/)?(\w+)\.(\w+)`)

// schemaName names a type in the API's description. Several rooms have a type
// Spec, so a room's name goes before its types: AgencySpec, ResourceGrantSpec.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.PkgPath() == "" || t.Name() == "" {
		return huma.DefaultSchemaNamer(t, hint)
	}
	full := t.PkgPath() + "." + t.Name()
	name := qualified.ReplaceAllStringFunc(full, func(s string) string {
		m := qualified.FindStringSubmatch(s)
		pkg, name := m[1], m[2]
		if pkg == "httpapi" || pkg == "simpul" || strings.HasPrefix(strings.ToLower(name), pkg) {
			return capital(name)
		}
		return capital(pkg) + capital(name)
	})
	return strings.NewReplacer("[", "", "]", "", ",", "").Replace(name)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
