#pragma once
// Socket addresses: parsing what an operator writes, and telling who called.

#include "base/result.hpp"
#include "http/exchange.hpp"

#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace sluice::http {

/// An IPv4 or IPv6 address with port.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, `:8080` or `8080` (all addresses). Names other than
/// localhost are refused: a listener must not depend on DNS.
Result<Address> parse_listen_address(std::string_view text);
/// An address literal with a port; nothing is resolved.
Result<Address> parse_literal(std::string_view host, std::uint16_t port);
/// Address and port as text.
std::string to_string(const Address& address);
/// What the exchange shows of the client.
Peer peer_of(const Address& address, std::size_t listener);

}  // namespace sluice::http
