package snippet

import "strings"

func curl(c Call) string {
	words := []string{"curl --silent --show-error --fail-with-body --globoff --max-time 30"}
	if c.Method != "GET" {
		words = append(words, "--request "+c.Method)
	}
	words = append(words, `--header "X-API-Key: $`+KeyVariable+`"`)
	for _, f := range c.fields() {
		words = append(words, "--header "+inShell(headerLine(f)))
	}
	if c.Body != "" {
		words = append(words, "--data-raw "+inShell(c.Body))
	}
	words = append(words, inShell(c.URL))
	return `: "${` + KeyVariable + `:?isi dahulu dengan kunci API aplikasi Anda}"` + "\n" + strings.Join(words, " \\\n  ") + "\n"
}

// headerLine writes an empty value with a semicolon, since curl would drop the
// field otherwise.
func headerLine(f Field) string {
	if f.Value == "" {
		return f.Name + ";"
	}
	return f.Name + ": " + f.Value
}
