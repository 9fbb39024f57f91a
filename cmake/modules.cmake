# A module is a folder of src/: its sources, and a test program from its *_test.cpp files. What lies in a folder named
# testing/ helps the tests and is compiled into their program only.
#
#   sluice_module(json USES base LIBRARIES simdjson::simdjson)
#
# USES names the modules whose headers it may include; tools/check_layers.py holds the same rule for every file.
function(sluice_module name)
  cmake_parse_arguments(ARG "" "" "USES;LIBRARIES;TEST_USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$|/testing/")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/testing/|/main\\.cpp$")

  set(uses ${ARG_USES})
  list(TRANSFORM uses PREPEND "sluice_")
  if(sources)
    add_library(sluice_${name} STATIC ${sources})
    target_include_directories(sluice_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(sluice_${name} PUBLIC ${uses} ${ARG_LIBRARIES})
  else()
    add_library(sluice_${name} INTERFACE)
    target_include_directories(sluice_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(sluice_${name} INTERFACE ${uses} ${ARG_LIBRARIES})
  endif()

  if(tests)
    set(test_uses ${ARG_TEST_USES})
    list(TRANSFORM test_uses PREPEND "sluice_")
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE sluice_${name} ${test_uses} GTest::gtest_main GTest::gmock)
    target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${name}_test PRIVATE SLUICE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  endif()
endfunction()
