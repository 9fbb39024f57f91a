#include "json/schema/uri.hpp"

#include <cctype>

namespace sluice::json::schema {
namespace {

/// RFC 3986 section 3; absent and empty parts are told apart, because resolution does so.
struct Uri {
  std::string_view scheme, authority, path, query;
  bool has_scheme = false, has_authority = false, has_query = false;
};

std::size_t scheme_end(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == ':') return at > 0 ? at : std::string_view::npos;
    const bool allowed =
        std::isalpha(c) != 0 || (at > 0 && (std::isdigit(c) != 0 || c == '+' || c == '-' || c == '.'));
    if (!allowed) return std::string_view::npos;
  }
  return std::string_view::npos;
}

Uri parse(std::string_view text) {
  Uri uri;
  if (const std::size_t colon = scheme_end(text); colon != std::string_view::npos) {
    uri.has_scheme = true;
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
    uri.has_query = true;
    uri.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    uri.has_authority = true;
    const std::size_t slash = text.find('/', 2);
    uri.authority = text.substr(2, slash == std::string_view::npos ? slash : slash - 2);
    text = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  }
  uri.path = text;
  return uri;
}

/// Section 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    if (path.starts_with("../") || path.starts_with("./")) {
      path.remove_prefix(path.find('/') + 1);
    } else if (path.starts_with("/./") || path == "/.") {
      path = path.size() > 2 ? path.substr(2) : std::string_view("/");
    } else if (path.starts_with("/../") || path == "/..") {
      path = path.size() > 3 ? path.substr(3) : std::string_view("/");
      const std::size_t slash = out.rfind('/');
      out.resize(slash == std::string::npos ? 0 : slash);
    } else if (path == "." || path == "..") {
      break;
    } else {
      const std::size_t next = path.find('/', 1);
      out.append(path.substr(0, next));
      path = next == std::string_view::npos ? std::string_view() : path.substr(next);
    }
  }
  return out;
}

/// Section 5.2.3.
std::string merge(const Uri& base, std::string_view path) {
  if (base.has_authority && base.path.empty()) return "/" + std::string(path);
  const std::size_t slash = base.path.rfind('/');
  return std::string(base.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1)) +
         std::string(path);
}

/// Section 5.3. `path` stands in for the one of `uri`.
std::string compose(const Uri& uri, std::string_view path) {
  std::string out;
  if (uri.has_scheme) out.append(uri.scheme).push_back(':');
  if (uri.has_authority) out.append("//").append(uri.authority);
  out.append(path);
  if (uri.has_query) out.append("?").append(uri.query);
  return out;
}

}  // namespace

std::string resolve_uri(std::string_view base_text, std::string_view reference_text) {
  const Uri base = parse(split_fragment(base_text).address);
  Uri target = parse(split_fragment(reference_text).address);
  // Dots in a path without slashes, such as that of a URN, are no segments.
  if (target.has_scheme)
    return compose(target,
                   target.has_authority ? remove_dot_segments(target.path) : std::string(target.path));
  target.has_scheme = base.has_scheme;
  target.scheme = base.scheme;
  if (target.has_authority) return compose(target, remove_dot_segments(target.path));
  target.has_authority = base.has_authority;
  target.authority = base.authority;
  if (target.path.empty()) {
    if (!target.has_query) {
      target.has_query = base.has_query;
      target.query = base.query;
    }
    return compose(target, base.path);
  }
  if (target.path.starts_with('/')) return compose(target, remove_dot_segments(target.path));
  return compose(target, remove_dot_segments(merge(base, target.path)));
}

SplitUri split_fragment(std::string_view reference) {
  const std::size_t hash = reference.find('#');
  if (hash == std::string_view::npos) return {reference, {}};
  return {reference.substr(0, hash), reference.substr(hash + 1)};
}

}  // namespace sluice::json::schema
