#include "http/address.hpp"

#include "http/grammar.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>

namespace sluice::http {
namespace {

Failure malformed(std::string_view text, std::string_view why) {
  return fail(ErrorCode::invalid_request,
              "'" + std::string(text) + "' is no address to listen on: " + std::string(why) +
                  "; write HOST:PORT with an address literal, as 127.0.0.1:8080 or [::1]:8080");
}

std::uint16_t port_of(const Address& address) {
  return ntohs(address.family() == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
}

std::string host_of(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.family() == AF_INET6) {
    const auto& v6 = *reinterpret_cast<const sockaddr_in6*>(&address.storage);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    // ::ffff:1.2.3.4 is how an IPv6 listener shows an IPv4 client.
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return std::string(text.data()).substr(7);
  } else {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_addr, text.data(),
              text.size());
  }
  return text.data();
}

}  // namespace

Result<Address> parse_literal(std::string_view host, std::uint16_t port) {
  Address address;
  const std::string text(host);
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  // What stands behind a NUL would not be seen.
  if (text.find('\0') != std::string::npos)
    return fail(ErrorCode::invalid_request, "'" + text + "' is no address literal");
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.length = sizeof v4;
    return address;
  }
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.length = sizeof v6;
    return address;
  }
  return fail(ErrorCode::invalid_request, "'" + text + "' is no address literal");
}

Result<Address> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  std::string_view host = colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  const std::string_view port_text = colon == std::string_view::npos ? text : text.substr(colon + 1);
  const auto port = parse_decimal(port_text);
  if (!port || *port > 65535) return malformed(text, "the port must be a number from 0 to 65535");
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || host == "*") host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  auto address = parse_literal(host, static_cast<std::uint16_t>(*port));
  if (!address) return malformed(text, "'" + std::string(host) + "' is no address literal");
  return address;
}

std::string to_string(const Address& address) {
  const std::string host = host_of(address);
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port_of(address));
}

Peer peer_of(const Address& address, std::size_t listener) {
  Peer peer{.address = host_of(address), .listener = listener};
  peer.loopback = peer.address.starts_with("127.") || peer.address == "::1";
  return peer;
}

}  // namespace sluice::http
